import { InputError } from '../../events/errors.js'
import type { Emission } from '../description/emission.js'
import { numbersThat } from '../reading/read-list.js'
import { numberThat } from '../reading/read-number.js'
import type { Reader } from '../reading/read-value.js'
import { optional, variantOf, withDefault } from '../reading/read-variant.js'
import { wrongShape } from '../reading/wrong-value.js'
import { EMISSION_TIME_RULE, PERIOD_RULE, RATE_RULE, SCALE_RULE } from './quantity-rule.js'
import { quantityOf } from './read-quantity.js'

/** An emission whose every field is known and in range; raises `EMISSION_PROCESS_UNKNOWN` and the codes of its numbers. */
export function emissionOf(size: number): Reader<Emission> {
  const span = { start: withDefault(readTime, 0), stop: optional(readTime) as Reader<number> }
  const read = variantOf<Emission, 'process'>(
    'process',
    {
      regular: { period: quantityOf(PERIOD_RULE, size), ...span },
      poisson: { rate: quantityOf(RATE_RULE, size), ...span },
      inhomogeneousPoisson: {
        times: readRisingTimes,
        rates: numbersThat(RATE_RULE),
        scale: withDefault(quantityOf(SCALE_RULE, size), 1),
      },
    },
    { code: 'EMISSION_PROCESS_UNKNOWN' },
  )
  return (value, field) => {
    const emission = read(value, field)
    if (emission.process === 'inhomogeneousPoisson') requireRates(emission, field)
    else requireSpan(emission, field)
    return emission
  }
}

const readTime = numberThat(EMISSION_TIME_RULE)
const readTimes = numbersThat(EMISSION_TIME_RULE)

const readRisingTimes: Reader<readonly number[]> = (value, field) => {
  const times = readTimes(value, field)
  if (times.length === 0) throw wrongShape(field, 'no time', 'at least one')
  const late = times.findIndex((time, j) => j > 0 && time <= (times[j - 1] as number))
  if (late < 0) return times
  throw new InputError({
    code: 'EMISSION_TIMES_NOT_RISING',
    field: `${field}[${late}]`,
    found: `${times[late]} after ${times[late - 1]}`,
    expected: 'times that rise',
  })
}

function requireRates({ times, rates }: { times: readonly number[]; rates: readonly number[] }, place: string): void {
  if (rates.length !== times.length) throw wrongShape(`${place}.rates`, `${rates.length} values`, `${times.length}`)
}

function requireSpan({ start, stop }: { start: number; stop?: number }, place: string): void {
  if (stop === undefined || stop > start) return
  throw new InputError({
    code: 'EMISSION_STOP_NOT_AFTER_START',
    field: `${place}.stop`,
    found: String(stop),
    expected: `a time in ms after the start, ${start}`,
  })
}
