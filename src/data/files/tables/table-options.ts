import { MOST_CLASSES } from '../../../learning/labels.js'
import type { Readers } from '../../../network/reading/read-fields.js'
import { numberThat } from '../../../network/reading/read-number.js'
import { wordOf } from '../../../network/reading/read-value.js'
import { READING_READERS, type ReadingOptions } from '../../recordings/reading-progress.js'
import { readShape } from '../../recordings/recordings-description.js'

/** The unit of times. */
export type TimeUnit = 's' | 'ms' | 'us'

/** What a table of events does not say itself. */
export interface EventTableOptions extends ReadingOptions {
  /** Default: as the name of the times says, `time_s`, `time_ms`, or `time_us` and `t`. */
  readonly timeUnit?: TimeUnit
  /** `[channels]`, or `[polarities, height, width]`. Default: as large as the events need. */
  readonly shape?: readonly number[]
  /** Some of which may have no recording. Default: one more than the highest label, or as many as there are names. */
  readonly classes?: number
}

export const TIME_UNITS = Object.freeze(['s', 'ms', 'us'] as const)

export const EVENT_TABLE_READERS: Readers<EventTableOptions> = Object.freeze({
  ...READING_READERS,
  timeUnit: wordOf<TimeUnit>(TIME_UNITS),
  shape: readShape,
  classes: numberThat({
    expected: `an integer from 1 to ${MOST_CLASSES}`,
    holds: (classes) => Number.isInteger(classes) && classes >= 1 && classes <= MOST_CLASSES,
  }),
})
