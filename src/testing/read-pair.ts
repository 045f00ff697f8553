import { listOf } from '../network/reading/read-list.js'
import { integerFrom } from '../network/reading/read-number.js'
import type { Reader } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'

/** The fewest and the most of something, each from `least` on. */
export function readPair(least: number): Reader<readonly [fewest: number, most: number]> {
  return (value, field) => {
    const [fewest, most, ...more] = listOf(integerFrom(least))(value, field)
    if (fewest === undefined || most === undefined || more.length > 0 || fewest > most)
      throw wrongShape(field, JSON.stringify(value), '[fewest, most]')
    return [fewest, most]
  }
}
