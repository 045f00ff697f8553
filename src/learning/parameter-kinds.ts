import { InputError } from '../events/errors.js'
import type { GroupParameters, ParameterKind } from './session.js'

/** Everything that can be learned, in the order of flags and files. */
export const PARAMETER_KINDS: readonly ParameterKind[] = Object.freeze([
  'weights',
  'delays',
  'thresholds',
  'adaptation',
  'taus',
  'bias',
] as const)

/** What parameters of neurons are called in `GroupParameters`; time constants have the names of `TAU_FIELDS`. */
export const GROUP_FIELDS = Object.freeze({
  thresholds: 'threshold',
  adaptation: 'adaptStep',
  bias: 'bias',
} as const) satisfies Readonly<Record<Exclude<ParameterKind, 'weights' | 'delays' | 'taus'>, keyof GroupParameters>>

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
