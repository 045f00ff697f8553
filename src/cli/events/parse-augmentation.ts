import type { Augmentation } from '../../data/recordings/task/event-task-options.js'
import { entryOf } from '../../events/by-name.js'
import { decimal, wrongValue } from '../flag-values.js'
import { assignments } from './assignments.js'

const FLAG = '--augment'
const EXAMPLE = 'shift=15,drop=0.1,tempo=0.1,jitter=1'

/** What a number has to be. */
const RULES: Readonly<Record<keyof Augmentation & string, (value: number) => boolean>> = {
  shift: (value) => Number.isSafeInteger(value) && value >= 0,
  drop: (value) => value >= 0 && value <= 1,
  tempo: (value) => value >= 0 && value < 1,
  jitter: (value) => Number.isFinite(value) && value >= 0,
}

/** Such as `shift=15,drop=0.1`. */
export function parseAugmentation(text: string): Augmentation {
  const entries = assignments(FLAG, text, Object.keys(RULES), EXAMPLE).map(({ name, value }) => {
    const number = decimal(value)
    if (entryOf<(value: number) => boolean>(RULES, name)?.(number) === true) return [name, number] as const
    throw wrongValue(
      FLAG,
      text,
      'shift, a whole number from 0; drop, 0 to 1; tempo, from 0 and below 1; jitter, ms from 0',
    )
  })
  return Object.fromEntries(entries)
}
