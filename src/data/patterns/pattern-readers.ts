import { MOST_CLASSES } from '../../learning/labels.js'
import { integerFrom, numberThat } from '../../network/reading/read-number.js'
import { type Reader, readString } from '../../network/reading/read-value.js'

/** A number of classes, or of patterns that are distinguished by their labels. */
export function classesFrom(least: number): Reader<number> {
  const holds = (value: number) => Number.isInteger(value) && value >= least && value <= MOST_CLASSES
  return numberThat({ expected: `an integer from ${least} to ${MOST_CLASSES}`, holds: holds })
}

/** Raises `InputError` unless these are the name and the size of a split. */
export function readSplit(split: unknown, size: unknown): void {
  readString(split, 'split')
  integerFrom(0)(size, 'size')
}
