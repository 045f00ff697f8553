import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'

/** One label per trial, from 0: bytes, or 16 bits each, which more than 256 classes need. */
export type Labels = Uint8Array | Uint16Array

/** Maximum number of classes: labels have 16 bits at most. */
export const MOST_CLASSES = 65_536
/** Maximum number of classes whose labels fit in bytes. */
const BYTE_CLASSES = 256

/** Labels of `length` trials that are wide enough for `classes` classes, all 0. */
export function createLabels(length: number, classes: number): Labels {
  return classes > BYTE_CLASSES ? new Uint16Array(length) : new Uint8Array(length)
}

/** Labels as narrow as they go. */
export function packLabels(labels: readonly number[]): Labels {
  return labels.every((label) => label < BYTE_CLASSES) ? Uint8Array.from(labels) : Uint16Array.from(labels)
}

/**
 * Raises `InputError` FIELD_MISSING or FIELD_TYPE unless these are labels that are wide enough for the number of classes:
 * in bytes, a label of 300 has become 44 without a word.
 */
export function requireLabelArray(labels: unknown, classes: number, field: string): asserts labels is Labels {
  const isWide = classes > BYTE_CLASSES
  if (labels instanceof Uint16Array || (labels instanceof Uint8Array && !isWide)) return
  throw new InputError({
    code: labels === undefined ? 'FIELD_MISSING' : 'FIELD_TYPE',
    field,
    found: describeValue(labels),
    expected: isWide ? `a Uint16Array, for there are ${classes} classes` : 'a Uint8Array or a Uint16Array',
  })
}
