import { InputError } from '../../events/errors.js'

/** Figures that cannot all be true. */
export function contradiction(field: string, found: string, expected: string, remedy?: string): InputError {
  return new InputError({
    code: 'CHIP_CONTRADICTION',
    field,
    found,
    expected,
    ...(remedy === undefined ? {} : { remedy }),
  })
}
