import fc from 'fast-check'
import { expect, it } from 'vitest'
import { windowKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import type { Slice } from '../../../../src/network/slices/blocks.js'
import { INPUTS, networkOf, windowSample } from '../../../support/arbitrary-window-network.js'
import { casesOf } from '../../../support/cases-of.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { type SegmentedRun, segmentedRun } from '../../../support/segmented-run.js'
import { randomTrains, SEED, windowGroupOf } from '../../../support/window-case.js'

const UNTIL = 30

/** Every time a multiple of 1/4 ms: units, and projections, spike at the same instants. */
function crowded({ times, units, offsets }: SpikeTrains): SpikeTrains {
  const spikes = [...times].map((time, k) => ({ time: Math.floor(4 * time) / 4, unit: units[k]! }))
  spikes.sort((a, b) => a.time - b.time || a.unit - b.unit)
  return {
    times: Float64Array.from(spikes, ({ time }) => time),
    units: Uint32Array.from(spikes, ({ unit }) => unit),
    offsets,
  }
}

it('adds up what arrives in a bin in one order, however sources are cut and batches come', () => {
  let [spikes, arrivals] = [0, 0]
  const way = fc.record({
    cut: fc.integer({ min: 1, max: INPUTS - 1 }),
    batches: fc.uniqueArray(fc.integer({ min: 1, max: 4 * UNTIL - 1 }), { maxLength: 6 }),
    backwards: fc.boolean(),
    stop: fc.double({ min: 1, max: UNTIL - 1, noNaN: true }),
  })
  fc.assert(
    fc.property(windowSample, way, (sample, { cut, batches, backwards, stop }) => {
      const network = networkOf(sample)
      const instance = instantiate(network, SEED)
      const train = crowded(randomTrains(INPUTS, 0.05, UNTIL, 1, 'crowd'))
      const run = (slices: readonly Slice[], how: Partial<SegmentedRun> = {}) => {
        const windowGroup = windowGroupOf(network, 'cells')
        const kernel = windowKernelOfGroup(windowGroup, instance, 'cells', SEED, () => slices)
        return segmentedRun(kernel, { train, until: UNTIL, ...how })
      }
      const whole = run([{ start: 0, end: INPUTS }])
      const slices = [
        { start: 0, end: cut },
        { start: cut, end: INPUTS },
      ]
      const ends = batches.map((quarter) => quarter / 4).toSorted((a, b) => a - b)
      expectSameBits(run(slices, { batches: ends, stops: [stop], backwards }), whole)
      spikes += whole.spikes.times.length
      arrivals += train.times.length
    }),
    { numRuns: casesOf({ short: 14, long: 200 }), seed: 12 },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 700, long: 10_000 }))
  expect(arrivals).toBeGreaterThan(casesOf({ short: 350, long: 5000 }))
})
