import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { nextDown, nextUp } from '../../src/numerics/neighbours.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'
import { cutPicks, cutsAt, instantsOf } from '../support/cut-instants.js'
import { type Cutting, deltaOf, driveKernel, type KernelResult } from '../support/drive-kernel.js'
import { type KernelCase, kernelCase, kernelOf, optionsOf } from '../support/kernel-case.js'
import { expectSameBits } from '../support/same-bits.js'

const WHOLE: Cutting = { horizons: [], batches: [], arrival: 'early' }

const ways = fc.record({
  horizons: cutPicks,
  batches: fc.tuple(cutPicks, cutPicks, cutPicks),
  arrival: fc.constantFrom('early' as const, 'late' as const),
})

function cut(sample: KernelCase, { spikes }: KernelResult, way: typeof ways extends fc.Arbitrary<infer T> ? T : never) {
  const instants = instantsOf(sample, spikes)
  return {
    horizons: cutsAt(way.horizons, instants, sample),
    batches: way.batches.map((list) => cutsAt(list, instants, sample)),
    arrival: way.arrival,
  }
}

/** The same input, and one more spike of unit 0, which has no delay, at or right beside every spike of the group. */
function withCollisions(sample: KernelCase, { spikes }: KernelResult): KernelCase {
  const [first, ...others] = sample.trains as [SpikeTrains, ...SpikeTrains[]]
  const beside = [(t: number) => t, nextDown, nextUp]
  const trials = Array.from({ length: sample.trials }, (_, trial) => {
    const part = (train: SpikeTrains) => ({ from: train.offsets[trial]!, to: train.offsets[trial + 1]! })
    const own = part(first)
    const emitted = part(spikes)
    const entries = Array.from({ length: own.to - own.from }, (_, k) => {
      return { time: first.times[own.from + k]!, unit: first.units[own.from + k]! }
    })
    for (let k = emitted.from; k < emitted.to; k++) {
      const time = beside[k % 3]!(spikes.times[k]!)
      if (time > 0 && time < sample.until) entries.push({ time, unit: 0 })
    }
    return entries.sort((a, b) => a.time - b.time || a.unit - b.unit)
  })
  const offsets = Uint32Array.from([0, ...trials.map((_, k) => trials.slice(0, k + 1).flat().length)])
  const times = Float64Array.from(trials.flat(), ({ time }) => time)
  return {
    ...sample,
    trains: [{ offsets, times, units: Uint32Array.from(trials.flat(), ({ unit }) => unit) }, ...others],
  }
}

const SETTINGS = { numRuns: casesOf({ short: 15, long: 60 }), seed: 2, endOnFailure: true }

describe('no cutting of a run into windows and batches changes a bit', () => {
  test('LIF, forward and backward', () => {
    let [spikes, windows, moved] = [0, 0, 0]
    fc.assert(
      fc.property(kernelCase('lif'), ways, (sample, way) => {
        const input = { trains: sample.trains, options: optionsOf(sample), peakGradients: null }
        const whole = driveKernel(kernelOf(sample), input, WHOLE)
        const cutting = cut(sample, whole, way)
        const options = optionsOf(sample, { whole: false })
        expectSameBits(driveKernel(kernelOf(sample), { ...input, options }, cutting), whole)
        spikes += whole.spikes.times.length
        windows += cutting.horizons.length + 1
        moved += whole.answers.filter((values) => values.some((value) => value !== 0)).length
      }),
      SETTINGS,
    )
    expect(spikes).toBeGreaterThan(10 * SETTINGS.numRuns)
    expect(windows).toBeGreaterThan(4 * SETTINGS.numRuns)
    expect(moved).toBeGreaterThan(SETTINGS.numRuns)
  })

  test('LIF with arrivals and ends of the trial at the very instants of its spikes', () => {
    let collisions = 0
    fc.assert(
      fc.property(kernelCase('lif'), ways, between(0, 1), (plain, way, end) => {
        const before = driveKernel(
          kernelOf(plain),
          { trains: plain.trains, options: optionsOf(plain), peakGradients: null },
          WHOLE,
        )
        const { times } = before.spikes
        const crowded = withCollisions(plain, before)
        const last = times[Math.floor(end * times.length * 3)]
        const sample = last === undefined || last === 0 ? crowded : { ...crowded, until: last }
        const input = { trains: sample.trains, options: optionsOf(sample), peakGradients: null }
        const whole = driveKernel(kernelOf(sample), input, WHOLE)
        const options = optionsOf(sample, { whole: false })
        expectSameBits(driveKernel(kernelOf(sample), { ...input, options }, cut(sample, before, way)), whole)
        const arrivals = new Set(sample.trains[0]!.times)
        collisions += whole.spikes.times.filter((time) => arrivals.has(time)).length
      }),
      SETTINGS,
    )
    expect(collisions).toBeGreaterThan(SETTINGS.numRuns)
  })

  test('silent LIF neurons and their maxima under a hinge', () => {
    let silent = 0
    fc.assert(
      fc.property(kernelCase('lif'), ways, (sample, way) => {
        const kernel = kernelOf(sample)
        const isSilent = (at: number) => kernel.isSilent(Math.floor(at / kernel.values.size), at % kernel.values.size)
        const pairs = sample.trials * kernel.values.size
        const tracked = { trackSilent: true }
        driveKernel(
          kernel,
          { trains: sample.trains, options: optionsOf(sample, { gradients: false }), peakGradients: null },
          WHOLE,
        )
        const peakGradients = Float64Array.from({ length: pairs }, (_, at) => (isSilent(at) ? -0.5 - (at % 3) : 0))
        const input = { trains: sample.trains, peakGradients, options: optionsOf(sample, tracked) }
        const whole = driveKernel(kernel, input, WHOLE)
        const options = optionsOf(sample, { ...tracked, whole: false })
        expectSameBits(driveKernel(kernel, { ...input, options }, cut(sample, whole, way)), whole)
        silent += peakGradients.filter((value) => value !== 0).length
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 10, long: 40 }) },
    )
    expect(silent).toBeGreaterThan(SETTINGS.numRuns)
  })

  test('LI readouts and their maxima', () => {
    let moved = 0
    fc.assert(
      fc.property(kernelCase('li'), ways, (sample, way) => {
        const kernel = kernelOf(sample)
        const peakGradients = Float64Array.from({ length: sample.trials * kernel.values.size }, (_, k) =>
          deltaOf(k + 1),
        )
        const input = { trains: sample.trains, options: optionsOf(sample), peakGradients }
        const whole = driveKernel(kernel, input, WHOLE)
        const options = optionsOf(sample, { whole: false })
        expectSameBits(driveKernel(kernelOf(sample), { ...input, options }, cut(sample, whole, way)), whole)
        moved += whole.answers.filter((values) => values.some((value) => value !== 0)).length
      }),
      SETTINGS,
    )
    expect(moved).toBeGreaterThan(SETTINGS.numRuns)
  })

  test('neurons that stop after their first spike', () => {
    let spikes = 0
    fc.assert(
      fc.property(kernelCase('lif'), ways, (sample, way) => {
        const input = { trains: sample.trains, peakGradients: null }
        const first = { stopAfterFirst: true }
        const whole = driveKernel(kernelOf(sample), { ...input, options: optionsOf(sample, first) }, WHOLE)
        const options = optionsOf(sample, { ...first, whole: false })
        expectSameBits(driveKernel(kernelOf(sample), { ...input, options }, cut(sample, whole, way)), whole)
        const [{ offsets, units }] = [whole.spikes]
        for (let trial = 0; trial < sample.trials; trial++) {
          const fired = units.subarray(offsets[trial], offsets[trial + 1])
          expect(new Set(fired).size).toBe(fired.length)
        }
        spikes += units.length
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 10, long: 40 }) },
    )
    expect(spikes).toBeGreaterThan(SETTINGS.numRuns)
  })
})
