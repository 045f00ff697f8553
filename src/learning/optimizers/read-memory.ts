import { readList } from '../../network/reading/read-list.js'
import { keepsRule, type NumberRule, refuseNumber, sameNumber } from '../../network/reading/read-number.js'
import { instanceOf } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { FINITE } from '../../network/validation/quantity-rule.js'
import type { OptimizerKind } from '../session.js'

/** beta^n after n steps. */
const POWER: NumberRule = {
  code: 'OPTIMIZER_STATE_INVALID',
  expected: 'a power of a number in [0, 1)',
  holds: (value) => value >= 0 && value <= 1,
}
const MEAN_SQUARE: NumberRule = {
  code: 'OPTIMIZER_STATE_INVALID',
  expected: 'a mean of squares, >= 0',
  holds: (value) => value >= 0,
}

/** What the memory of a method consists of: a rule for each scalar, and for the entries of each moment. */
const MEMORIES: Readonly<
  Record<OptimizerKind['kind'], { scalars: readonly NumberRule[]; moments: readonly NumberRule[] }>
> = {
  adam: { scalars: [POWER, POWER], moments: [FINITE, MEAN_SQUARE] },
  sgd: { scalars: [], moments: [FINITE] },
}

/** The numbers that a method remembers about one array. */
export interface MethodMemory {
  readonly scalars: readonly number[]
  readonly moments: readonly Float64Array[]
}

/**
 * The memory of a method as plain data.
 *
 * Raises `InputError` SHAPE_MISMATCH for another number of scalars or moments, FIELD_MISSING, FIELD_TYPE,
 * NUMBER_NOT_FINITE, and OPTIMIZER_STATE_INVALID for a number that no step could have left. How long the moments are is for
 * the network to say.
 *
 * @param place what the memory is called where it was given
 */
export function readOptimizerMemory(
  { kind }: OptimizerKind,
  given: { readonly scalars: unknown; readonly moments: unknown },
  place: string,
): MethodMemory {
  const rules = MEMORIES[kind]
  const scalars = readList(given.scalars, `${place}.scalars`)
  const moments = readList(given.moments, `${place}.moments`)
  const requireCount = (field: 'scalars' | 'moments', found: number) => {
    const { length } = rules[field]
    if (found !== length) throw wrongShape(`${place}.${field}`, `${found}`, `${length}, for the method is "${kind}"`)
  }
  requireCount('scalars', scalars.length)
  requireCount('moments', moments.length)
  return {
    scalars: scalars.map((value, k) => sameNumber(rules.scalars[k] as NumberRule)(value, `${place}.scalars[${k}]`)),
    moments: moments.map((given, k) => {
      const field = `${place}.moments[${k}]`
      const values = instanceOf(Float64Array)(given, field)
      const rule = rules.moments[k] as NumberRule
      const broken = values.findIndex((value) => !keepsRule(value, rule))
      if (broken >= 0) throw refuseNumber(values[broken], rule, `${field}[${broken}]`)
      return values
    }),
  }
}
