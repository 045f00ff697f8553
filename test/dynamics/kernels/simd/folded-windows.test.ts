import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TRIAL_CHUNK, TrialSum } from '../../../../src/dynamics/parameters/trial-sum.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { spikesOfTrials, type TrialRange } from '../../../../src/events/trial-range.js'
import { type Arriving, SIMD, without } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import { type Cutting, deltaOf, driveKernel } from '../../../support/drive-kernel.js'
import { type KernelCase, kernelCase, kernelOf, optionsOf } from '../../../support/kernel-case.js'
import { repeatTrains } from '../../../support/repeat-trains.js'
import { expectSameBits } from '../../../support/same-bits.js'

const SETTINGS = { numRuns: casesOf({ short: 4, long: 60 }), seed: 19, unbiased: true, endOnFailure: true }

/** There are many trials of each. */
const rangeOf = (kind: 'lif' | 'li', arriving: Arriving) => {
  const range = { ...SIMD[arriving][kind], isSmall: true }
  return arriving === 'own' ? range : without('many absent pairs', range)
}

/** Chunks that are incomplete, and trees of several: of four and more their order shows. */
const trialNumbers = fc.oneof(
  fc.integer({ min: TRIAL_CHUNK - 2, max: 2 * TRIAL_CHUNK + 8 }),
  fc.integer({ min: 4 * TRIAL_CHUNK, max: 4 * TRIAL_CHUNK + 8 }),
)

function onlyTrials(trains: SpikeTrains, range: TrialRange): SpikeTrains {
  const { offsets, ...spikes } = spikesOfTrials(trains, range)
  return { ...spikes, offsets: offsets.slice(range.start, range.end + 1) }
}

function inWindows({ trains, until }: KernelCase, count: number): Cutting {
  const horizons = Array.from({ length: count - 1 }, (_, k) => (until * (k + 1)) / count)
  return { horizons, batches: trains.map(() => horizons), arrival: 'late' }
}

test.each<['lif' | 'li', Arriving]>([
  ['lif', 'shared'],
  ['lif', 'own'],
  ['li', 'shared'],
  ['li', 'own'],
])(
  'the trials of a run in windows are summed chunk by chunk, each as it is alone: %s neurons with %s arrivals',
  (kind, arriving) => {
    let folded = 0
    const property = fc.property(
      kernelCase(kind, rangeOf(kind, arriving)),
      trialNumbers,
      fc.integer({ min: 2, max: 4 }),
      (given, trials, windows) => {
        const sample = { ...given, trials, trains: given.trains.map((trains) => repeatTrains(trains, trials)) }
        const kernel = kernelOf(sample, 'simd')
        const { values, layout } = kernel
        const synapses = sample.instance.projections.reduce((sum, { sources }) => sum + sources.length, 0)
        const { size } = values
        const told = Float64Array.from({ length: kind === 'li' ? trials * size : 0 }, (_, k) => deltaOf(k + 3))
        /** Of trials [from, to), before which so many spikes are emitted. */
        const run = (from: number, to: number, before: number) => {
          const part = {
            ...{ ...sample, trials: to - from },
            trains: sample.trains.map((trains) => onlyTrials(trains, { start: from, end: to })),
          }
          const input = {
            ...{ trains: part.trains, options: optionsOf(part, { whole: false }) },
            peakGradients: kind === 'li' ? told.slice(from * size, to * size) : null,
            delta: (_: unknown, k: number) => deltaOf(before + k),
          }
          const { spikes, gradient } = driveKernel(kernel, input, inWindows(part, windows))
          return { spikes, slopes: gradient.slice(layout.weights, layout.weights + synapses) }
        }
        const all = run(0, trials, 0)
        const sum = new TrialSum(synapses)
        for (let trial = 0; trial < trials; trial++)
          sum.take(run(trial, trial + 1, all.spikes.offsets[trial]!).slopes, 0)
        const expected = new Float64Array(synapses)
        sum.finish(expected)
        expectSameBits(all.slopes, expected)
        if (trials % TRIAL_CHUNK !== 0 && expected.some((slope) => slope !== 0)) folded++
      },
    )
    fc.assert(property, SETTINGS)
    expect(folded).toBeGreaterThan(SETTINGS.numRuns / 4)
  },
)
