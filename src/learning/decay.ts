import { InputError } from '../events/errors.js'
import { kindRecord, PARAMETER_KINDS } from './parameter-kinds.js'
import type { Decay } from './session.js'
import { requireNumber } from './step-rules.js'

/** What decays, in the order of flags and files. */
export const DECAYING_KINDS: readonly (keyof Decay)[] = Object.freeze(
  PARAMETER_KINDS.filter((kind): kind is keyof Decay => kindRecord(kind).decays),
)

/**
 * Strengths of decay as plain data; those without a value are left out.
 *
 * Raises `InputError` TRAIN_DECAY_KIND for a kind that does not decay, TRAIN_OPTION for a strength that is not a finite
 * number from 0 or with which a step would throw parameters beyond 0: rate · decay above 1.
 *
 * Source: Loshchilov & Hutter 2019 (arXiv 1711.05101).
 *
 * @param rates the largest rate per learned kind
 * @param field what the strengths are called where they were given
 */
export function readDecay(
  given: Readonly<Record<string, unknown>>,
  rates: Readonly<Record<string, number | undefined>>,
  field: string,
): Decay {
  const entries = Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return []
    const kind = DECAYING_KINDS.find((each) => each === name)
    if (kind === undefined) throw doesNotDecay(name, field)
    const [strength, rate = 0] = [value as number, rates[kind]]
    const isStrength = Number.isFinite(strength) && strength >= 0
    requireNumber(`${field}.${kind}`, strength, isStrength, 'a finite number from 0')
    requireNumber(`${field}.${kind}`, strength, rate * strength <= 1, `at most ${1 / rate}, 1 / the rate of ${kind}`)
    return [[kind, strength] as const]
  })
  return Object.fromEntries(entries)
}

function doesNotDecay(name: string, field: string): InputError {
  return new InputError({
    code: 'TRAIN_DECAY_KIND',
    field: `${field}.${name}`,
    found: `"${name}"`,
    expected: `a kind that decays towards 0: ${DECAYING_KINDS.join(', ')}`,
  })
}
