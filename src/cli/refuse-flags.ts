import { InputError } from '../events/errors.js'
import { flagNamed } from './flag-record.js'

/** Raises `InputError` FLAG_CONFLICT for the first of some flags that is given where it means nothing. */
export function refuseFlags<Flags extends object>(
  flags: Flags,
  refused: readonly (keyof Flags & string)[],
  reason: string,
): void {
  const values = new Map<string, unknown>(Object.entries(flags))
  const given = refused.find((flag) => values.get(flag) !== undefined)
  if (given === undefined) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: flagNamed(given),
    found: 'the flag',
    expected: 'a run without it',
    remedy: `Leave it out, for ${reason}.`,
  })
}
