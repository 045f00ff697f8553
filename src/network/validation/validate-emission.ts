import { InputError } from '../../events/errors.js'
import type { Emission, InhomogeneousPoissonEmission } from '../description/emission.js'
import { describeValue } from '../reading/describe-value.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { numbersThat, readList } from '../reading/read-list.js'
import { numberThat } from '../reading/read-number.js'
import { readRecord } from '../reading/read-value.js'
import { wrongShape } from '../reading/wrong-value.js'
import { EMISSION_TIME_RULE, PERIOD_RULE, RATE_RULE, SCALE_RULE } from './quantity-rule.js'

import { validateQuantity } from './validate-quantity.js'

/** Beginning and end of an emission, where they were given. */
interface Span {
  readonly start: number
  readonly stop?: number
}

/** An emission whose every field is known and in range; raises `EMISSION_PROCESS_UNKNOWN` and the codes of its numbers. */
export function validateEmission(value: unknown, size: number, place: string): Emission {
  const given = readRecord(value, place)
  const { process } = given
  switch (process) {
    case 'regular':
      refuseUnknown(given, ['process', 'period', 'start', 'stop'], place)
      return {
        process,
        period: validateQuantity(given.period, size, PERIOD_RULE, `${place}.period`),
        ...validateSpan(given, place),
      }
    case 'poisson':
      refuseUnknown(given, ['process', 'rate', 'start', 'stop'], place)
      return {
        process,
        rate: validateQuantity(given.rate, size, RATE_RULE, `${place}.rate`),
        ...validateSpan(given, place),
      }
    case 'inhomogeneousPoisson':
      refuseUnknown(given, ['process', 'times', 'rates', 'scale'], place)
      return {
        process,
        ...validateTable(given, place),
        scale: validateQuantity(given.scale ?? 1, size, SCALE_RULE, `${place}.scale`),
      }
    default:
      throw new InputError({
        code: 'EMISSION_PROCESS_UNKNOWN',
        field: `${place}.process`,
        found: describeValue(process),
        expected: '"regular", "poisson" or "inhomogeneousPoisson"',
      })
  }
}

function validateSpan({ start = 0, stop }: Readonly<Record<string, unknown>>, place: string): Span {
  const from = numberThat(EMISSION_TIME_RULE)(start, `${place}.start`)
  if (stop === undefined) return { start: from }
  const to = numberThat(EMISSION_TIME_RULE)(stop, `${place}.stop`)
  if (to > from) return { start: from, stop: to }
  throw new InputError({
    code: 'EMISSION_STOP_NOT_AFTER_START',
    field: `${place}.stop`,
    found: String(to),
    expected: `a time in ms after the start, ${from}`,
  })
}

function validateTable(
  given: Readonly<Record<string, unknown>>,
  place: string,
): Pick<InhomogeneousPoissonEmission, 'times' | 'rates'> {
  const { length } = readList(given.times, `${place}.times`)
  if (length === 0) throw wrongShape(`${place}.times`, 'no time', 'at least one')
  const times = numbersThat(EMISSION_TIME_RULE, length)(given.times, `${place}.times`)
  const late = times.findIndex((time, j) => j > 0 && time <= (times[j - 1] as number))
  if (late > 0)
    throw new InputError({
      code: 'EMISSION_TIMES_NOT_RISING',
      field: `${place}.times[${late}]`,
      found: `${times[late]} after ${times[late - 1]}`,
      expected: 'times that rise',
    })
  const rates = numbersThat(RATE_RULE, length)(given.rates, `${place}.rates`)
  return { times, rates }
}
