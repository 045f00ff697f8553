import { listOf } from '../network/reading/read-list.js'
import { readString } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'

/** What the class of a label is called, whether or not it has a name. */
export function classNameOf(names: readonly string[] | undefined, label: number): string {
  return names?.[label] ?? `class ${label}`
}

/** The names of `classes` classes. Raises `InputError` FIELD_TYPE and SHAPE_MISMATCH. */
export function readClassNames(value: unknown, classes: number, field: string): readonly string[] {
  const names = listOf(readString)(value, field)
  if (names.length !== classes) throw wrongShape(field, `${names.length} names`, `${classes}, one per class`)
  return names
}
