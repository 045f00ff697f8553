import {
  constantRate,
  cosineDecay,
  decayTo,
  exponentialDecay,
  type LearningRateSchedule,
  type Pace,
  unknownSchedule,
  warmUp,
} from '../../learning/schedules.js'
import { fieldIn, recordOf } from '../../network/reading/read-fields.js'
import { readNonNegative, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readRecord, wordOf } from '../../network/reading/read-value.js'

const readPace = wordOf<Pace>(['step', 'epoch'])

/** A learning-rate schedule of a preset; raises `InputError` SCHEDULE_KIND_UNKNOWN, FIELD_*, OPTION_OUT_OF_RANGE. */
export const readSchedule: Reader<LearningRateSchedule> = (value, field) => {
  const { kind, ...fields } = readRecord(value, field)
  switch (kind) {
    case 'constant':
      recordOf({})(fields, field)
      return constantRate()
    case 'exponential': {
      const { factor, pace } = recordOf({ factor: readPositive, pace: readPace })({ pace: 'epoch', ...fields }, field)
      return exponentialDecay(factor, pace)
    }
    case 'decayTo': {
      const { fraction, pace } = recordOf({ fraction: readPositive, pace: readPace })(
        { pace: 'step', ...fields },
        field,
      )
      return decayTo(fraction, pace)
    }
    case 'cosine': {
      const readers = { fraction: readNonNegative, pace: readPace }
      const { fraction, pace } = recordOf(readers)({ fraction: 0, pace: 'step', ...fields }, field)
      return cosineDecay(fraction, pace)
    }
    case 'warmUp': {
      const { then = { kind: 'constant' }, ...own } = fields
      const { epochs } = recordOf({ epochs: readPositive })(own, field)
      return warmUp(epochs, readSchedule(then, fieldIn(field, 'then')))
    }
    default:
      throw unknownSchedule(kind, fieldIn(field, 'kind'))
  }
}
