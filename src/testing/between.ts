import fc from 'fast-check'

const STEPS = 2 ** 31 - 1

/** Uniform in [min, max], and shrinking to min; `fc.double` would draw mostly numbers such as 1e-150. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: STEPS }).map((step) => min + ((max - min) * step) / STEPS)
}
