import { refuseUnknown } from '../../network/reading/read-fields.js'
import { listOf, readList } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { readRecord, readString } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { shapeSize } from '../shape-size.js'

/** What is known of recordings before any of them is read. */
export interface RecordingsDescription {
  /** `[channels]`, or `[polarities, height, width]`. */
  readonly shape: readonly number[]
  /** Default: as many as have names, else one more than the highest label. */
  readonly classes?: number
  readonly classNames?: readonly string[]
  readonly files?: readonly string[]
}

/** Raises `InputError` FIELD_*, SHAPE_MISMATCH, OPTION_OUT_OF_RANGE. */
export function readDescription(given: RecordingsDescription): RecordingsDescription {
  const record = readRecord(given, '$')
  refuseUnknown(record, ['shape', 'classes', 'classNames', 'files'], '$')
  const { classes, classNames, files } = given
  const texts = listOf(readString)
  if (classes !== undefined && classNames !== undefined && texts(classNames, 'classNames').length !== classes)
    throw wrongShape('classNames', `${classNames.length} names`, `${classes}, one per class`)
  return {
    shape: readShape(given.shape),
    ...(classes === undefined ? {} : { classes: integerFrom(1)(classes, 'classes') }),
    ...(classNames === undefined ? {} : { classNames: texts(classNames, 'classNames') }),
    ...(files === undefined ? {} : { files: texts(files, 'files') }),
  }
}

/** Most units: the numbers of events of a network have 31 bits. */
export const MOST_UNITS = 2 ** 31 - 1

/** A shape of units. Raises `InputError` FIELD_*, SHAPE_MISMATCH, OPTION_OUT_OF_RANGE. */
export function readShape(value: unknown, field = 'shape'): readonly number[] {
  const shape = readList(value, field).map((extent, d) => integerFrom(1)(extent, `${field}[${d}]`))
  if (shape.length !== 1 && shape.length !== 3)
    throw wrongShape(field, `${shape.length} numbers`, '[channels], or [polarities, height, width]')
  if (shapeSize(shape) <= MOST_UNITS) return Object.freeze(shape)
  throw wrongShape(field, shape.join(' x '), `${MOST_UNITS} units at most`)
}
