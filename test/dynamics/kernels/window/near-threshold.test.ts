import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { shareOf } from '../../../../src/dynamics/kernels/window/bins/bin-grid.js'
import { between } from '../../../support/arbitraries.js'
import { casesOf } from '../../../support/cases-of.js'
import { firingTime, firingWeight, type NearCrossing } from '../../../support/near-crossing.js'
import { PoissonReference } from '../../../support/poisson-reference.js'
import { batchOf, forwardOptions, SEED, trainsByNeuron } from '../../../support/window-case.js'
import { binsOf, nearWindowCrossing, windowCourse } from '../../../support/window-course.js'
import { windowTimes, windowVoltageError } from '../../../support/window-times.js'

const DISTANCES = [8, 9, 10, 11, 12, 13, 14].map((exponent) => 10 ** -exponent)
const BOTH_SIDES = [...DISTANCES.map((distance) => -distance), 0, ...DISTANCES.toReversed()]
const SETTINGS = { numRuns: casesOf({ short: 15, long: 60 }), seed: 74, endOnFailure: true }

/** Spike times per (trial, neuron) on both kernels. */
function runBoth({ instance, windowGroup, trains, until }: ReturnType<typeof windowCourse>) {
  const options = forwardOptions(until, { trials: trains[0]!.offsets.length - 1 })
  const values = binsOf(instance)
  const window = windowKernelOfGroup(windowGroup, instance, 'cells', SEED)
  const { projections } = instance
  const reference = new PoissonReference({
    values,
    projections,
    poissonInputs: windowGroup.poissonInputs,
    seed: SEED,
    sourceSlices: undefined,
  })
  return [window, reference].map((kernel) => {
    kernel.begin(options)
    trains.forEach((train, input) => {
      kernel.receive(input, batchOf(train, until))
    })
    return trainsByNeuron([kernel.advance(until, until)], values.size)
  }) as [found: readonly (readonly number[])[], expected: readonly (readonly number[])[]]
}

test('the window kernel finds a peak that rises over the threshold by next to nothing, and none that stays below', () => {
  const seen = { decided: 0, fired: 0, undecidable: 0 }
  fc.assert(
    fc.property(nearWindowCrossing(), (sample) => {
      const second = firingWeight(sample)
      if (second === null) return
      const threshold = sample.neuron.threshold as number
      const thresholds = BOTH_SIDES.map((distance) => threshold * (1 + distance))
      const course = windowCourse({ sample, second, thresholds, third: [0], thirdWeight: 0 })
      const [found, expected] = runBoth(course)
      const share = Math.abs(shareOf(sample.neuron as { tauMem: number; tauSyn: number }))
      const { bias = 0 } = sample.neuron as { bias?: number }
      const swing = Math.abs(threshold) + 2 * Math.abs(bias) + 2 * share * (Math.abs(sample.first.weight) + second)
      const weights = Math.abs(sample.first.weight) + second
      const rounded = { swing, arrivals: 2, weights, height: swing }
      const error = windowVoltageError(binsOf(course.instance))(rounded) + 2 ** -48 * swing
      BOTH_SIDES.forEach((distance, n) => {
        if (Math.abs(distance * threshold) <= error) {
          seen.undecidable++
          return
        }
        expect(found[n]!.length, `threshold ${threshold} (1 + ${distance})`).toBe(expected[n]!.length)
        seen.decided++
        if (distance < 0) seen.fired++
      })
    }),
    SETTINGS,
  )
  expect(seen.decided).toBeGreaterThan(5 * SETTINGS.numRuns)
  expect(seen.fired).toBeGreaterThan(2 * SETTINGS.numRuns)
  expect(seen.undecidable).toBeLessThan(2 * seen.decided)
})

test('the window kernel finds a crossing that an arrival comes next to nothing after, and none that it comes before', () => {
  const seen = { decided: 0, fired: 0, braked: 0, undecidable: 0 }
  fc.assert(
    fc.property(nearWindowCrossing(), between(1.001, 3), (sample, factor) => {
      const weight = firingWeight(sample)
      const time = weight === null ? null : firingTime(sample, weight * factor)
      if (weight === null || time === null) return
      const second = weight * factor
      const third = BOTH_SIDES.map((distance) => time * (1 + distance))
      const thresholds = [sample.neuron.threshold as number]
      const thirdWeight = -2 * second - 5
      const course = windowCourse({ sample, second, thresholds, third, thirdWeight })
      const [found, expected] = runBoth(course)
      const inputs = [sample.first.time, sample.second].map((at, k) => ({ time: at, weight: course.weights[k]! }))
      const times = expected[0]!.filter((at) => at < Math.min(...third)).concat(time)
      const beside = Math.abs(thirdWeight)
      const { bound } = windowTimes(binsOf(course.instance), 0, { inputs, times, beside }).at(-1)!
      BOTH_SIDES.forEach((distance, trial) => {
        if (Math.abs(time * distance) <= bound) {
          seen.undecidable++
          return
        }
        expect(found[trial]!.length, `arrival at ${time} (1 + ${distance})`).toBe(expected[trial]!.length)
        seen.decided++
        if (distance > 0) seen.fired++
        else seen.braked++
      })
    }),
    SETTINGS,
  )
  expect(seen.decided).toBeGreaterThan(5 * SETTINGS.numRuns)
  expect(Math.min(seen.fired, seen.braked)).toBeGreaterThan(2 * SETTINGS.numRuns)
  expect(seen.undecidable).toBeLessThan(2 * seen.decided)
})

test('the window kernel finds a crossing where a raised threshold falls faster than inhibition lowers the voltage', () => {
  const neuron = { tauMem: 20, tauSyn: 5, threshold: 1, adaptStep: 10, tauAdapt: 0.2 }
  const thresholds = Array.from({ length: 40 }, (_, n) => 0.8 + n / 100)
  // Inhibition comes, a bin of a millisecond ends, and the threshold meets the voltage.
  const third = Array.from({ length: 40 }, (_, trial) => 2.6 + trial / 100)
  const sample: NearCrossing = { neuron, first: { time: 1.05, weight: 40 }, second: 1.05, arriving: 'shared' }
  const [found, expected] = runBoth(windowCourse({ sample, second: 0, thresholds, third, thirdWeight: -34 }))
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  const late = expected.filter((times, k) => times.some((time) => time > third[Math.floor(k / thresholds.length)]!))
  expect(late.length).toBeGreaterThan(40)
})
