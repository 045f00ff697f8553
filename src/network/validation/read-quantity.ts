import { InputError } from '../../events/errors.js'
import type { Initializer } from '../description/initializers.js'
import type { Quantity } from '../description/network.js'
import { numbersThat } from '../reading/read-list.js'
import { type NumberRule, numberOf, numberThat } from '../reading/read-number.js'
import type { Reader } from '../reading/read-value.js'
import { variantOf } from '../reading/read-variant.js'
import { wrongType } from '../reading/wrong-value.js'
import { FINITE } from './quantity-rule.js'

/**
 * One number, one per neuron or synapse, or an initializer.
 *
 * What an initializer will draw is checked by `instantiate`; here only its own parameters are.
 */
export function quantityOf(rule: NumberRule, count: number): Reader<Quantity> {
  const readNumbers = numbersThat(rule, count)
  const readDrawn = drawnOf(rule, `, a list of ${count}, or a distribution`)
  return (value, field) => (Array.isArray(value) ? readNumbers(value, field) : readDrawn(value, field))
}

/** One number, or an initializer: for what has no list. */
export function drawnOf(rule: NumberRule, others = ', or a distribution'): Reader<number | Initializer> {
  const readNumber = numberThat(rule)
  return (given, field) => {
    const value = numberOf(given, rule)
    if (typeof value === 'number') return readNumber(value, field)
    if (isOneObject(value)) return readInitializer(value, field)
    throw wrongType(value, field, `${rule.expected}${others}`)
  }
}

function isOneObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

/** Whether a quantity is yet to be drawn. */
export function isInitializer(quantity: Quantity): quantity is Initializer {
  return typeof quantity === 'object' && 'distribution' in quantity
}

const readParameter = numberThat(FINITE)
const readDistribution = variantOf<Initializer, 'distribution'>(
  'distribution',
  {
    constant: { value: readParameter },
    normal: {
      mean: readParameter,
      std: numberThat({
        code: 'DISTRIBUTION_INVALID',
        expected: 'a standard deviation >= 0',
        holds: (value) => value >= 0,
      }),
    },
    uniform: { low: readParameter, high: readParameter },
  },
  { code: 'DISTRIBUTION_UNKNOWN', elsewhere: '; of weights also "fanIn"' },
)

/** An initializer with sound parameters; raises `DISTRIBUTION_UNKNOWN` or `DISTRIBUTION_INVALID`. */
const readInitializer: Reader<Initializer> = (value, field) => {
  const initializer = readDistribution(value, field)
  if (initializer.distribution !== 'uniform' || initializer.low <= initializer.high) return initializer
  const { low, high } = initializer
  const expected = `at least low, ${low}`
  throw new InputError({ code: 'DISTRIBUTION_INVALID', field: `${field}.high`, found: String(high), expected })
}
