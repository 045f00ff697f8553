import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Kernel } from '../../../src/dynamics/kernel.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { casesOf } from '../../support/cases-of.js'
import { driveKernel, type KernelResult } from '../../support/drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from '../../support/kernel-case.js'
import { trialAlone } from '../../support/network-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { type Arriving, simdCase } from '../../support/simd-case.js'

const SETTINGS = { numRuns: casesOf({ short: 6, long: 12 }), seed: 77, endOnFailure: true }
const AT_ONCE = { horizons: [], batches: [], arrival: 'early' } as const

/** dL/d(max V), by trial and neuron. */
const peakGradient = (trial: number, n: number) => Math.sin(5 * trial + n)

/** A run of some trials of a case, the first of which is the `first` of the case. */
function run(kernel: Kernel, sample: KernelCase, first = 0): KernelResult {
  const { size, kind } = kernel.values
  const peakGradients = Float64Array.from({ length: sample.trials * size }, (_, at) => {
    return peakGradient(first + Math.floor(at / size), at % size)
  })
  const input = {
    trains: sample.trains,
    options: optionsOf(sample, { tauGradient: true }),
    peakGradients: kind === 'li' ? peakGradients : null,
    delta: (spikes: SpikeTrains, k: number) => Math.sin(7 * spikes.units[k]! + spikes.times[k]!),
  }
  const { spikes, maxima, answers, gradient, taus } = driveKernel(kernel, input, AT_ONCE)
  return { spikes, maxima, answers, gradient, taus }
}

describe.each([
  { kind: 'lif', arriving: 'shared' },
  { kind: 'lif', arriving: 'own' },
  { kind: 'li', arriving: 'shared' },
  { kind: 'li', arriving: 'own' },
] as const satisfies readonly { kind: 'lif' | 'li'; arriving: Arriving }[])(
  'the SIMD kernel, $kind neurons with $arriving arrivals,',
  ({ kind, arriving }) => {
    test('finds in a trial of a mini-batch what it finds in it alone', () => {
      let [several, told] = [0, 0]
      fc.assert(
        fc.property(simdCase(kind, arriving), (sample) => {
          const together = run(kernelOf(sample, 'simd'), sample)
          const { size } = kernelOf(sample, 'simd').values
          for (let trial = 0; trial < sample.trials; trial++) {
            const trains = sample.trains.map((train) => trialAlone(train, trial))
            const alone = run(kernelOf(sample, 'simd'), { ...sample, trains, trials: 1 }, trial)
            expectSameBits(alone.spikes, trialAlone(together.spikes, trial))
            const own = (values: Float64Array) => values.slice(trial * size, (trial + 1) * size)
            expectSameBits(alone.maxima.values, own(together.maxima.values))
            expectSameBits(alone.maxima.times, own(together.maxima.times))
            alone.answers.forEach((values, p) => {
              const [from, to] = [sample.trains[p]!.offsets[trial]!, sample.trains[p]!.offsets[trial + 1]!]
              expectSameBits(values, together.answers[p]!.slice(from, to))
              told += values.filter((value) => value !== 0).length
            })
          }
          if (sample.trials > 1) several++
        }),
        SETTINGS,
      )
      expect(several).toBeGreaterThan(SETTINGS.numRuns / 2)
      expect(told).toBeGreaterThan(10 * SETTINGS.numRuns)
    })

    test('leaves nothing behind for the next run', () => {
      fc.assert(
        fc.property(simdCase(kind, arriving), (sample) => {
          const kernel = kernelOf(sample, 'simd')
          const first = run(kernel, sample)
          const trains = sample.trains.map((train) => trialAlone(train, sample.trials - 1))
          const other = run(kernel, { ...sample, trains, trials: 1 })
          expectSameBits(run(kernel, sample), first)
          expectSameBits(run(kernel, { ...sample, trains, trials: 1 }), other)
        }),
        SETTINGS,
      )
    })
  },
)
