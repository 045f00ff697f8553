import { InputError } from '../../events/errors.js'
import { MOST_CLASSES, requireLabelArray } from '../../learning/labels.js'
import { mapOf } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { readFunction, readRecord, readString } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import type { EventRecordings } from './event-recordings.js'
import { readShape } from './recordings-description.js'

/**
 * Recordings, as far as they can be looked at without reading them.
 *
 * Raises `InputError` FIELD_*, SHAPE_MISMATCH, LABEL_OUT_OF_RANGE, OPTION_OUT_OF_RANGE.
 */
export function readRecordings(value: EventRecordings, field: string): EventRecordings {
  const { count, classes, shape, labels, groups, digest, trial } = readRecord(value, field)
  const size = integerFrom(1)(count, `${field}.count`)
  const known = integerFrom(1)(classes, `${field}.classes`)
  if (known > MOST_CLASSES) throw wrongShape(`${field}.classes`, String(known), `${MOST_CLASSES} at most`)
  readShape(shape, `${field}.shape`)
  requireLabelArray(labels, known, `${field}.labels`)
  const requireCount = (found: number, name: string) => {
    if (found !== size) throw wrongShape(`${field}.${name}`, `${found} values`, `${size}, one per recording`)
  }
  requireCount(labels.length, 'labels')
  const wrong = labels.findIndex((label) => label >= known)
  if (wrong >= 0)
    throw new InputError({
      ...{ code: 'LABEL_OUT_OF_RANGE', field: `${field}.labels[${wrong}]`, found: String(labels[wrong]) },
      expected: `an integer from 0 to ${known - 1}`,
    })
  const lists = mapOf(readList)(groups, `${field}.groups`)
  for (const [name, list] of Object.entries(lists)) requireCount(list.length, `groups.${name}`)
  readString(digest, `${field}.digest`)
  readFunction(trial, `${field}.trial`)
  return value
}
