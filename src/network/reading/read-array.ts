import { type NumberRule, refuseNumber } from './read-number.js'
import { instanceOf, type Reader } from './read-value.js'
import { wrongShape } from './wrong-value.js'

/** Arrays whose numbers are looked at one by one. */
type NumberArray = Float64Array | Uint32Array | Int32Array

/**
 * A typed array whose numbers keep a rule, which may speak of numbers that are not finite, too; raises SHAPE_MISMATCH unless
 * it has the length.
 *
 * @param length null: any
 */
export function arrayThat<Numbers extends NumberArray>(
  type: { readonly name: string; new (length: number): Numbers },
  rule: NumberRule,
  length: number | null,
): Reader<Numbers> {
  return (value, field) => {
    const array: Numbers = instanceOf(type)(value, field)
    if (length !== null && array.length !== length) throw wrongShape(field, `${array.length} values`, `${length}`)
    const { holds } = rule
    for (let k = 0; k < array.length; k++)
      if (!holds(array[k] as number)) throw refuseNumber(array[k], rule, `${field}[${k}]`)
    return array
  }
}

/** Doubles that keep a rule; by default each is finite. */
export function doublesThat(length: number | null, rule: NumberRule = FINITE): Reader<Float64Array> {
  return arrayThat(Float64Array, rule, length)
}

/** A difference of two equal numbers is 0 unless they are not finite. */
const FINITE: NumberRule = { expected: 'a finite number', holds: (value) => value - value === 0 }

/** Any double. */
export const ANY_NUMBER: NumberRule = { expected: 'a number', holds: () => true }
