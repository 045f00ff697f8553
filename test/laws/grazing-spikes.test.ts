import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { windowKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import { nextDown, nextUp } from '../../src/numerics/neighbours.js'
import { arbitraryScale } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'
import { driveKernel } from '../support/drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from '../support/kernel-case.js'
import { copiesOf, firingWeight, type NearCrossing, nearCrossing } from '../support/near-crossing.js'
import { expectSameBits } from '../support/same-bits.js'
import { batchOf, forwardOptions, SEED, trainsByNeuron } from '../support/window-case.js'
import { nearWindowCrossing, windowCourse } from '../support/window-course.js'

/** A neuron whose second arrival lifts it over theta: by next to nothing, or so far that it crosses steeply. */
interface Course {
  readonly near: NearCrossing
  readonly weight: number
}

interface CourseRun {
  readonly kernel: Kernel
  readonly sample: Pick<KernelCase, 'trains' | 'trials' | 'until'>
}

/** One trial for each time of a third arrival, which takes away more than the second one brought. */
type RunOf = (course: Course, third: readonly number[]) => CourseRun

const SETTINGS = { numRuns: casesOf({ short: 10, long: 300 }), seed: 77, endOnFailure: true }

/** Early, or so late that an ulp of time is a step by which a steep V rises visibly. */
function courses(near: fc.Arbitrary<NearCrossing>): fc.Arbitrary<Course> {
  const lift = fc.oneof(arbitraryScale(1e-17, 1e-6), arbitraryScale(1e-6, 1), arbitraryScale(1, 1e4))
  return fc
    .record({ near, lift, from: fc.constantFrom(0, 999_983) })
    .map(({ near: early, lift, from }) => {
      const { first, second } = early
      const shifted = { ...early, first: { ...first, time: from + first.time }, second: from + second }
      const weight = firingWeight(shifted)
      return weight === null ? null : { near: shifted, weight: weight * (1 + lift) }
    })
    .filter((course) => course !== null)
}

function runOf(kind: KernelKind): RunOf {
  return ({ near, weight }, third) => {
    const sample = copiesOf(near, [weight], { further: third.map((time) => [time]), furtherWeights: [-1 - 2 * weight] })
    return { kernel: kernelOf(sample, kind), sample }
  }
}

const windowRunOf: RunOf = ({ near, weight }, third) => {
  const thresholds = [near.neuron.threshold as number]
  const course = windowCourse({ sample: near, second: weight, thresholds, third, thirdWeight: -1 - 2 * weight })
  const { instance, windowGroup, trains, until } = course
  return {
    kernel: windowKernelOfGroup(windowGroup, instance, 'cells', SEED),
    sample: { trains, trials: third.length, until },
  }
}

/** Spike times per trial. */
function timesOf({ kernel, sample: { trains, trials, until } }: CourseRun): readonly (readonly number[])[] {
  kernel.begin({ ...forwardOptions(until, { trials }), whole: true })
  trains.forEach((train, input) => {
    kernel.receive(input, batchOf(train, until))
  })
  return trainsByNeuron([kernel.advance(until, until)], 1)
}

/** The spike that the second arrival brings about, and all spikes, while the third one is far away. */
function undisturbed(run: RunOf, course: Course) {
  const { second } = course.near
  const late = second + 399
  const [times = []] = timesOf(run(course, [late]))
  return { late, times, spike: times.find((time) => time >= second) }
}

describe.each<readonly [name: string, run: RunOf, near: fc.Arbitrary<NearCrossing>]>([
  ['reference', runOf('reference'), nearCrossing('shared')],
  ['SIMD kernel, shared arrivals,', runOf('simd'), nearCrossing('shared')],
  ['SIMD kernel, own arrivals,', runOf('simd'), nearCrossing('own')],
  ['window kernel', windowRunOf, nearWindowCrossing()],
])('on the %s', (_, run, near) => {
  test('an arrival at a spike or right after it changes nothing up to then', () => {
    let spikes = 0
    fc.assert(
      fc.property(courses(near), (course) => {
        const { times, spike } = undisturbed(run, course)
        if (spike === undefined) return
        const third = [spike, nextUp(spike), spike * (1 + 1e-12), spike + 1e-9]
        const upTo = (all: readonly number[], end: number) => all.filter((time) => time <= end)
        timesOf(run(course, third)).forEach((disturbed, trial) => {
          const end = third[trial]!
          expect(upTo(disturbed, end), `arrival at ${end}`).toEqual(upTo(times, end))
        })
        spikes++
      }),
      SETTINGS,
    )
    expect(spikes).toBeGreaterThan(SETTINGS.numRuns / 2)
  })
})

/** Right before a spike, at it, right after it. */
function cutsAt(spike: number): readonly (readonly number[])[] {
  const cuts = [nextDown(spike), spike, nextUp(spike)]
  return [cuts, ...cuts.map((cut) => [cut])]
}

test('no cut of a run into windows at a spike, or right beside it, changes a bit on the reference', () => {
  let spikes = 0
  fc.assert(
    fc.property(courses(nearCrossing('shared')), (course) => {
      const run = runOf('reference')
      const { late, spike } = undisturbed(run, course)
      if (spike === undefined) return
      const drive = (horizons: readonly number[]) => {
        const sample = copiesOf(course.near, [course.weight], { further: [[late], [nextUp(spike)]] })
        const options = optionsOf(sample, { whole: horizons.length === 0 })
        const input = { trains: sample.trains, options, peakGradients: null }
        return driveKernel(kernelOf(sample), input, { horizons, batches: [horizons], arrival: 'late' })
      }
      const whole = drive([])
      for (const cuts of cutsAt(spike)) expectSameBits(drive(cuts), whole)
      spikes++
    }),
    SETTINGS,
  )
  expect(spikes).toBeGreaterThan(SETTINGS.numRuns / 2)
})

test('no end of a segment at a spike, or right beside it, changes a bit on the window kernel', () => {
  let spikes = 0
  fc.assert(
    fc.property(courses(nearWindowCrossing()), (course) => {
      const { late, times, spike } = undisturbed(windowRunOf, course)
      if (spike === undefined) return
      for (const cuts of cutsAt(spike)) {
        const { kernel, sample } = windowRunOf(course, [late])
        kernel.begin(forwardOptions(sample.until, { segmented: true }))
        sample.trains.forEach((train, input) => {
          kernel.receive(input, batchOf(train, sample.until))
        })
        const ends = [...cuts, sample.until]
        const parts = ends.map((end) => kernel.advance(end, end))
        parts.forEach((part, k) => {
          expect(part.times.every((time) => time >= (ends[k - 1] ?? 0) && time < ends[k]!)).toBe(true)
        })
        expect(trainsByNeuron(parts, 1)).toEqual([times])
      }
      spikes++
    }),
    SETTINGS,
  )
  expect(spikes).toBeGreaterThan(SETTINGS.numRuns / 2)
})
