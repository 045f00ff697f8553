import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Initializer } from '../description/initializer.js'
import type { Quantity } from '../description/network.js'
import { describeValue } from '../reading/describe-value.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { numbersThat } from '../reading/read-list.js'
import { type NumberRule, numberThat } from '../reading/read-number.js'
import { readRecord } from '../reading/read-value.js'
import { wrongType } from '../reading/wrong-value.js'
import { WEIGHT_RULE } from './quantity-rule.js'

/**
 * One number, one per neuron or synapse, or an initializer.
 *
 * What an initializer will draw is checked by `instantiate`; here only its own parameters are.
 */
export function validateQuantity(value: unknown, count: number, rule: NumberRule, field: string): Quantity {
  if (typeof value === 'number') return numberThat(rule)(value, field)
  if (Array.isArray(value)) return numbersThat(rule, count)(value, field)
  if (isOneObject(value)) return validateInitializer(value, field)
  throw wrongType(value, field, `${rule.expected}, a list of ${count}, or a distribution`)
}

/** One number, or an initializer: for what has no list. */
export function validateDrawn(value: unknown, rule: NumberRule, field: string): number | Initializer {
  if (typeof value === 'number') return numberThat(rule)(value, field)
  if (isOneObject(value)) return validateInitializer(value, field)
  throw wrongType(value, field, `${rule.expected}, or a distribution`)
}

function isOneObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

/** Whether a quantity is yet to be drawn. */
export function isInitializer(quantity: Quantity): quantity is Initializer {
  return typeof quantity === 'object' && 'distribution' in quantity
}

/** An initializer with sound parameters; raises `DISTRIBUTION_UNKNOWN` or `DISTRIBUTION_INVALID`. */
export function validateInitializer(value: unknown, place: string): Initializer {
  const record = readRecord(value, place)
  const number = (name: string) => numberThat(WEIGHT_RULE)(entryOf(record, name), `${place}.${name}`)
  const only = (...names: string[]) => refuseUnknown(record, ['distribution', ...names], place)
  switch (record.distribution) {
    case 'constant':
      only('value')
      return { distribution: 'constant', value: number('value') }
    case 'normal': {
      only('mean', 'std')
      const std = number('std')
      if (std < 0) throw invalid(`${place}.std`, std, 'a standard deviation >= 0')
      return { distribution: 'normal', mean: number('mean'), std }
    }
    case 'uniform': {
      only('low', 'high')
      const [low, high] = [number('low'), number('high')]
      if (low > high) throw invalid(`${place}.high`, high, `at least low, ${low}`)
      return { distribution: 'uniform', low, high }
    }
    default:
      throw new InputError({
        code: 'DISTRIBUTION_UNKNOWN',
        field: `${place}.distribution`,
        found: describeValue(record.distribution),
        expected: '"constant", "normal" or "uniform"; of weights also "fanIn"',
      })
  }
}

function invalid(field: string, found: number, expected: string): InputError {
  return new InputError({ code: 'DISTRIBUTION_INVALID', field, found: String(found), expected })
}
