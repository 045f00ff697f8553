import { type LearningRateSchedule, type Pace, plainSchedule } from '../../learning/schedules.js'
import { numberThat, readNonNegative, readPositive } from '../../network/reading/read-number.js'
import { type Reader, wordOf } from '../../network/reading/read-value.js'
import { variantOf, withDefault } from '../../network/reading/read-variant.js'

const readGrowth = numberThat({ expected: 'a number above 1', holds: (value) => value > 1 })
const readStart = numberThat({ expected: 'a number above 0, at most 1', holds: (value) => value > 0 && value <= 1 })
const readPace = wordOf<Pace>(['step', 'epoch'])

/** A learning-rate schedule of a preset; raises `InputError` SCHEDULE_KIND_UNKNOWN, FIELD_*, OPTION_OUT_OF_RANGE. */
export const readSchedule: Reader<LearningRateSchedule> = (value, field) => plainSchedule(readKind(value, field), field)

const then: Reader<LearningRateSchedule> = withDefault((value, field) => readSchedule(value, field), {
  kind: 'constant',
})

const readKind = variantOf<LearningRateSchedule, 'kind'>(
  'kind',
  {
    constant: {},
    exponential: { factor: readPositive, pace: withDefault(readPace, 'epoch') },
    decayTo: { fraction: readPositive, pace: withDefault(readPace, 'step') },
    cosine: { fraction: withDefault(readNonNegative, 0), pace: withDefault(readPace, 'step') },
    warmUp: {
      epochs: readPositive,
      then,
    },
    easeIn: { factor: withDefault(readGrowth, 1.05), start: withDefault(readStart, 1e-3), then },
  },
  { code: 'SCHEDULE_KIND_UNKNOWN' },
)
