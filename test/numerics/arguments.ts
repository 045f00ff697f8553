import * as fc from 'fast-check'

/** Doubles in [min, max], as dense in every binade. */
export const binades = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** Doubles spread evenly over [min, max]. */
export const evenly = (min: number, max: number) =>
  fc.integer({ min: 0, max: 2 ** 32 }).map((i) => min + ((max - min) * i) / 2 ** 32)

/** Close to the multiples of ln 2 / 2 up to `limit`, where argument reductions change. */
export const nearHalfLn2 = (limit: number) => {
  const most = Math.floor((2 * limit) / Math.LN2)
  return fc
    .tuple(fc.integer({ min: -most, max: most }), fc.double({ min: -1e-3, max: 1e-3, noNaN: true }))
    .map(([n, offset]) => (n * Math.LN2) / 2 + offset)
}
