import { AUGMENTATION_READERS, type Augmentation } from '../../data/recordings/task/augmentation-options.js'
import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { decimal, wrongValue } from '../../network/reading/flag-values.js'
import type { Reader } from '../../network/reading/read-value.js'
import { assignments } from './assignments.js'

const FLAG = '--augment'
/** What help shows. */
export const AUGMENTATION_EXAMPLE = 'shift=15,drop=0.1,tempo=0.1,jitter=1'
export const AUGMENTATIONS = Object.keys(AUGMENTATION_READERS)

/** Such as `shift=15,drop=0.1`. */
export function parseAugmentation(text: string): Augmentation {
  const entries = assignments(FLAG, text, AUGMENTATIONS, AUGMENTATION_EXAMPLE).map(({ name, value }) => {
    const read = entryOf<Reader<number>>(AUGMENTATION_READERS, name) as Reader<number>
    try {
      return [name, read(decimal(value), name)] as const
    } catch (error) {
      throw error instanceof InputError ? wrongValue(FLAG, text, `as ${name} ${error.mistake.expected}`) : error
    }
  })
  return Object.fromEntries(entries)
}
