import fc from 'fast-check'
import { expect, it } from 'vitest'
import { windowKernelOfGroup } from '../../../src/dynamics/kernel-of-group.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { instantiate } from '../../../src/network/instantiate.js'
import { INPUTS, networkOf, windowSample } from '../../support/arbitrary-window-network.js'
import { casesOf } from '../../support/cases-of.js'
import { cutTrains, unitsOf } from '../../support/cut-trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { forwardOptions, randomTrains, SEED, windowPlanOf } from '../../support/window-case.js'

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

it('adds up what arrives in a cell in one order, however sources are cut and batches come', () => {
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
      const run = (slices: readonly { start: number; end: number }[], ends: readonly number[], stops: number[]) => {
        const plan = windowPlanOf(network, 'cells')
        const kernel = windowKernelOfGroup(plan, instance, 'cells', SEED, () => slices)
        kernel.begin(forwardOptions(2 * UNTIL, { segmented: true }))
        const queue = kernel.inputs.flatMap(({ units }, input) => {
          const own = unitsOf(train, units).trains
          return [...cutTrains(own, ends, UNTIL)].map((batch) => ({ input, batch }))
        })
        const order = kernel.inputs.map((_, input) => input)
        if (backwards && slices.length > 1) order.reverse()
        for (const input of order) for (const each of queue) if (each.input === input) kernel.receive(input, each.batch)
        const parts = [...stops, UNTIL].map((end) => kernel.advance(end, end))
        return {
          times: parts.flatMap(({ times }) => [...times]),
          units: parts.flatMap((part) => [...part.units]),
          state: kernel.saveState().columns,
        }
      }
      const whole = run([{ start: 0, end: INPUTS }], [], [])
      const slices = [
        { start: 0, end: cut },
        { start: cut, end: INPUTS },
      ]
      const ends = batches.map((quarter) => quarter / 4).toSorted((a, b) => a - b)
      expectSameBits(run(slices, ends, [stop]), whole)
      spikes += whole.times.length
      arrivals += train.times.length
    }),
    { numRuns: casesOf({ short: 40, long: 200 }), seed: 12 },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 2000, long: 10_000 }))
  expect(arrivals).toBeGreaterThan(casesOf({ short: 1000, long: 5000 }))
})
