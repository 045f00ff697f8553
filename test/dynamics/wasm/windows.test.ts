import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTrains } from '../../../src/dynamics/join-trains.js'
import type { KernelOptions } from '../../../src/dynamics/kernel-options.js'
import { selectSpikes } from '../../../src/events/select-spikes.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { casesOf } from '../../support/cases-of.js'
import { type CutPick, cutPicks, cutsAt, instantsOf } from '../../support/cut-instants.js'
import { type Cutting, driveKernel } from '../../support/drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from '../../support/kernel-case.js'
import { refractoryEnds } from '../../support/refractory-ends.js'
import { expectSameBits } from '../../support/same-bits.js'
import { simdCase } from '../../support/simd-case.js'

const SETTINGS = { numRuns: casesOf({ short: 60, long: 400 }), seed: 7, endOnFailure: true }
const AT_ONCE = { horizons: [], batches: [], arrival: 'early' } as const

const ways = fc.record({ horizons: cutPicks, batches: cutPicks, isLate: fc.boolean() })

interface Way {
  readonly horizons: readonly CutPick[]
  readonly batches: readonly CutPick[]
  readonly isLate: boolean
}

function cuttingOf(sample: KernelCase, spikes: SpikeTrains, { horizons, batches, isLate }: Way): Cutting {
  const instants = instantsOf(sample, spikes)
  return {
    horizons: cutsAt(horizons, instants, sample),
    batches: sample.trains.map(() => cutsAt(batches, instants, sample)),
    arrival: isLate ? 'late' : 'early',
  }
}

/** The spikes of a run in segments, each on a kernel of its own, of a case with one projection. */
function inSegments(sample: KernelCase, options: KernelOptions, stops: readonly number[]): SpikeTrains {
  const train = sample.trains[0]!
  const segmented = { ...options, whole: false, segmented: true }
  let kernel = kernelOf(sample, 'simd')
  kernel.begin(segmented)
  let start = 0
  const spikes = [...stops, sample.until].map((end, sequence) => {
    const { trains } = selectSpikes(train, (place) => start <= train.times[place]! && train.times[place]! < end)
    kernel.receive(0, { stream: 'in', sequence, window: { start, end }, ...trains })
    const emitted = kernel.advance(end, end)
    const state = kernel.saveState()
    kernel = kernelOf(sample, 'simd')
    kernel.resume(segmented, end, state)
    start = end
    return emitted
  })
  return joinTrains(spikes).trains
}

/** How many of the cuts are inside a refractory period, and at an end of one or right beside it. */
function heldAt(sample: KernelCase, spikes: SpikeTrains, { horizons }: Cutting) {
  const ends = refractoryEnds(sample, spikes)
  const near = (cut: number, end: number) => Math.abs(cut - end) <= 2 * Number.EPSILON * end
  return { ends: ends.length, beside: horizons.filter((cut) => ends.some((end) => near(cut, end))).length }
}

test.each(['lif', 'li'] as const)('windows change no bit of what %s neurons do', (kind) => {
  let [cuts, ends, beside, segments] = [0, 0, 0, 0]
  fc.assert(
    fc.property(simdCase(kind, 'shared'), ways, fc.boolean(), (sample, way, stopAfterFirst) => {
      const options = optionsOf(sample, { gradients: false, stopAfterFirst })
      const input = { trains: sample.trains, options, peakGradients: null }
      const whole = driveKernel(kernelOf(sample, 'simd'), input, AT_ONCE)
      const cutting = cuttingOf(sample, whole.spikes, way)
      const inWindows = { ...input, options: { ...options, whole: false } }
      expectSameBits(driveKernel(kernelOf(sample, 'simd'), inWindows, cutting), whole)
      cuts += cutting.horizons.length
      const held = heldAt(sample, whole.spikes, cutting)
      if (!stopAfterFirst) [ends, beside] = [ends + held.ends, beside + held.beside]
      if (sample.trains.length !== 1) return
      expectSameBits(inSegments(sample, options, cutting.horizons), whole.spikes)
      if (held.ends > 0 && !stopAfterFirst) segments += cutting.horizons.length
    }),
    SETTINGS,
  )
  expect(cuts).toBeGreaterThan(3 * SETTINGS.numRuns)
  if (kind === 'li') return
  expect(ends).toBeGreaterThan(2 * SETTINGS.numRuns)
  expect(beside).toBeGreaterThan(SETTINGS.numRuns / 10)
  expect(segments).toBeGreaterThan(SETTINGS.numRuns / 4)
})

test.each([false, true])('nor of how they are undone, with a hinge for silent neurons: %s', (hinges) => {
  let [cuts, told, silent, beside] = [0, 0, 0, 0]
  fc.assert(
    fc.property(simdCase('lif', 'shared'), ways, (sample, way) => {
      const options = { ...optionsOf(sample, { tauGradient: true }), whole: false, trackSilent: hinges }
      const input = {
        trains: sample.trains,
        options,
        peakGradients: null,
        delta: (spikes: SpikeTrains, k: number) => Math.sin(7 * spikes.units[k]! + spikes.times[k]!),
      }
      const probe = kernelOf(sample, 'simd')
      driveKernel(probe, { ...input, options: { ...options, gradients: false } }, AT_ONCE)
      const { size } = probe.values
      const isSilent = (at: number) => probe.isSilent(Math.floor(at / size), at % size)
      const peakGradients = hinges
        ? Float64Array.from({ length: sample.trials * size }, (_, at) => (isSilent(at) ? Math.cos(at) : 0))
        : null
      const run = (cutting: Cutting) => driveKernel(kernelOf(sample, 'simd'), { ...input, peakGradients }, cutting)
      const whole = run(AT_ONCE)
      const cutting = cuttingOf(sample, whole.spikes, way)
      expectSameBits(run(cutting), whole)
      cuts += cutting.horizons.length
      told += whole.gradient.filter((value) => value !== 0).length
      silent += peakGradients?.filter((value) => value !== 0).length ?? 0
      beside += heldAt(sample, whole.spikes, cutting).beside
    }),
    SETTINGS,
  )
  expect(cuts).toBeGreaterThan(3 * SETTINGS.numRuns)
  expect(told).toBeGreaterThan(10 * SETTINGS.numRuns)
  expect(beside).toBeGreaterThan(SETTINGS.numRuns / 10)
  if (hinges) expect(silent).toBeGreaterThan(SETTINGS.numRuns)
})
