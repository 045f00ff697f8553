import { wrongShape } from '../network/reading/expect.js'
import { integerFrom, listOf, type Reader } from '../network/reading/read-fields.js'

/** The fewest and the most of something, each from `least` on. */
export function readPair(least: number): Reader<readonly [fewest: number, most: number]> {
  return (value, field) => {
    const [fewest, most, ...more] = listOf(integerFrom(least))(value, field)
    if (fewest === undefined || most === undefined || more.length > 0 || fewest > most)
      throw wrongShape(field, JSON.stringify(value), '[fewest, most]')
    return [fewest, most]
  }
}
