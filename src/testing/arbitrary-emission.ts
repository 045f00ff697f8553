import fc from 'fast-check'
import { inhomogeneousPoisson, poisson, regular } from '../network/description/emitting-sources.js'
import type { SourceGroup } from '../network/description/network.js'
import { integerFrom } from '../network/reading/read-number.js'
import { between } from './between.js'

/** A source of `size` units that emit a handful of spikes each in the first 20 to 40 ms, and none after them. */
export function arbitraryEmission(size: number): fc.Arbitrary<SourceGroup> {
  integerFrom(1)(size, 'size')
  const each = (min: number, max: number) =>
    fc.oneof(between(min, max), fc.array(between(min, max), { minLength: size, maxLength: size }))
  const span = { start: between(0, 10), stop: between(20, 40) }
  const step = fc.record({ length: between(1, 10), rate: fc.oneof(between(20, 200), fc.constant(0)) })
  return fc.oneof(
    fc.record({ ...span, period: each(4, 12) }).map((options) => regular(size, options)),
    fc.record({ ...span, rate: each(50, 200) }).map((options) => poisson(size, options)),
    fc.record({ steps: fc.array(step, { minLength: 2, maxLength: 4 }), scale: each(0.5, 2) }).map(({ steps, scale }) =>
      inhomogeneousPoisson(size, {
        times: steps.map((_, j) => steps.slice(0, j).reduce((sum, { length }) => sum + length, 0)),
        rates: steps.map(({ rate }, j) => (j === steps.length - 1 ? 0 : rate)),
        scale,
      }),
    ),
  )
}
