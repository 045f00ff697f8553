import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTrains } from '../../src/dynamics/join-trains.js'
import type { Kernel } from '../../src/dynamics/kernel.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'
import { cutTrains, driveKernel } from '../support/drive-kernel.js'
import { type KernelCase, kernelCase, kernelOf, optionsOf } from '../support/kernel-case.js'
import { expectSameBits } from '../support/same-bits.js'

/** Runs a kernel window by window; at every stop its state goes to another kernel, which has seen nothing. */
function driveSegments(sample: KernelCase, options: KernelOptions, stops: readonly number[], bytes: { held: number }) {
  const batches = sample.trains.map((trains) => cutTrains(trains, stops, options.until))
  let kernel: Kernel = kernelOf(sample)
  kernel.begin(options)
  const windows = [...stops, options.until].map((stop, segment) => {
    for (const [input, list] of batches.entries()) kernel.receive(input, list[segment]!)
    const spikes = kernel.advance(stop, stop)
    if (stop < options.until) {
      const state = kernel.saveState()
      bytes.held += Object.values(state.inFlight).reduce((sum, { times }) => sum + times.length, 0)
      kernel = kernelOf(sample)
      kernel.resume(options, stop, state)
    }
    return spikes
  })
  return joinTrains(windows).trains
}

const SETTINGS = { numRuns: casesOf({ short: 20, long: 80 }), seed: 3, endOnFailure: true }

test('a kernel goes on from the state of another with the same bits, wherever it stopped', () => {
  const seen = { spikes: 0, held: 0, stops: 0 }
  fc.assert(
    fc.property(
      kernelCase('lif'),
      fc.array(fc.record({ place: between(0, 1), atSpike: fc.boolean() }), { minLength: 1, maxLength: 6 }),
      (sample, picks) => {
        const input = { trains: sample.trains, peakGradients: null, options: optionsOf(sample, { gradients: false }) }
        const { spikes } = driveKernel(kernelOf(sample), input, { horizons: [], batches: [], arrival: 'early' })
        const { times } = spikes
        const places = picks.map(({ place, atSpike }) => {
          const spike = times[Math.floor(place * times.length)]
          return atSpike && spike !== undefined ? spike : sample.from + place * (sample.until - sample.from)
        })
        const stops = [...new Set(places)].filter((time) => time > 0 && time < sample.until).sort((a, b) => a - b)
        const options = optionsOf(sample, { gradients: false, whole: false, segmented: true })
        expectSameBits(driveSegments(sample, options, stops, seen), spikes)
        seen.spikes += times.length
        seen.stops += stops.length
      },
    ),
    SETTINGS,
  )
  expect(seen.spikes).toBeGreaterThan(10 * SETTINGS.numRuns)
  expect(seen.stops).toBeGreaterThan(2 * SETTINGS.numRuns)
  expect(seen.held).toBeGreaterThan(SETTINGS.numRuns)
})
