import { InputError } from '../events/errors.js'
import type { ParameterKind } from './session.js'

/** Everything that can be learned, in the order of flags and files. */
export const PARAMETER_KINDS: readonly ParameterKind[] = Object.freeze([
  'weights',
  'delays',
  'thresholds',
  'adaptation',
  'taus',
  'bias',
] as const)

/**
 * Checks names of parameter kinds, as given in `learn`, and drops repetitions.
 *
 * Raises `InputError` LEARN_KIND_UNKNOWN for any other name, and LEARN_EMPTY if there is none.
 */
export function requireParameterKinds(names: readonly string[], field = 'learn'): readonly ParameterKind[] {
  if (names.length === 0) {
    throw new InputError({ code: 'LEARN_EMPTY', field, found: 'nothing', expected: `some of ${list()}` })
  }
  const wanted = names.map((name) => requireKind(name, field))
  return PARAMETER_KINDS.filter((kind) => wanted.includes(kind))
}

/** Raises `InputError` LEARN_KIND_UNKNOWN for what is none. */
export function requireKind(name: string, field: string): ParameterKind {
  const kind = PARAMETER_KINDS.find((known) => known === name)
  if (kind !== undefined) return kind
  throw new InputError({ code: 'LEARN_KIND_UNKNOWN', field, found: `"${name}"`, expected: `some of ${list()}` })
}

function list(): string {
  return PARAMETER_KINDS.join(', ')
}
