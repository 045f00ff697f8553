import {
  constantRate,
  cosineDecay,
  decayTo,
  type EaseInOptions,
  exponentialDecay,
  type LearningRateSchedule,
} from '../../../learning/schedules.js'
import { decimal, wrongValue } from '../../../network/reading/flag-values.js'

export const SCHEDULES_EXPLAINED =
  'constant, exponential:F (times F an epoch), decayTo:F (to F of the start over the run), cosine or cosine:F (to 0, or F of the start, along half a wave)'

/** A parser of learning-rate schedules: a name and, behind a colon, its number. */
export function scheduleOf(flag: string): (text: string) => LearningRateSchedule {
  return (text) => {
    const [name = '', number, ...rest] = text.split(':')
    const create = SCHEDULES.get(name)
    const value = number === undefined ? null : decimal(number)
    const schedule = rest.length > 0 ? null : (create?.(value) ?? null)
    if (schedule === null) throw wrongValue(flag, text, `one of ${SCHEDULES_EXPLAINED}`)
    return schedule
  }
}

/** A parser of how a rate is eased in: a factor and, behind a colon, the share to begin with. */
export function easingOf(flag: string): (text: string) => EaseInOptions {
  return (text) => {
    const [factor = Number.NaN, start, ...rest] = text.split(':').map(decimal)
    const fits = Number.isFinite(factor) && factor > 1 && (start === undefined || (start > 0 && start <= 1))
    if (!fits || rest.length > 0)
      throw wrongValue(
        flag,
        text,
        'a number above 1, such as 1.05, or 1.05:0.01 with the share to begin with, at most 1',
      )
    return { factor, ...(start === undefined ? {} : { start }) }
  }
}

/** Null where the number is missing, or of no use. */
const SCHEDULES: ReadonlyMap<string, (value: number | null) => LearningRateSchedule | null> = new Map([
  ['constant', (value) => (value === null ? constantRate() : null)],
  ['exponential', (value) => (isPositive(value) ? exponentialDecay(value) : null)],
  ['decayTo', (value) => (isPositive(value) ? decayTo(value) : null)],
  ['cosine', (value) => (value === null || (value >= 0 && value <= 1) ? cosineDecay(value ?? 0) : null)],
])

function isPositive(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value > 0
}
