import fc from 'fast-check'
import { expect } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { between } from '../../support/arbitraries.js'
import { cutsOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { having } from '../../support/case-ranges.js'
import { arrivalsOf, withCollisions } from '../../support/collisions.js'
import { cutTrains } from '../../support/cut-trains.js'
import { type DrawnKernelCase, optionsOf } from '../../support/kernel-case.js'
import { refractoryEnds } from '../../support/refractory-ends.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import {
  checkCases,
  expectSeen,
  ifStepwise,
  inWindows,
  type KernelRun,
  type KernelSubject,
  nonZero,
  runCase,
  uncutRun,
} from './kernel-subject.js'
import { plainCase } from './plain-case.js'

const PERIOD = 3

/** One neuron that unit 0 makes fire again and again; unit 1 spikes at some times. */
function heldCase(subject: KernelSubject, times: readonly number[] = []): DrawnKernelCase {
  const { must, may } = subject.cases.lif!
  const adaptStep = [...must, ...may].includes('adaptation') ? 0.1 : 0
  const neurons = { tauMem: 20, tauSyn: 5, threshold: [1], refractory: PERIOD, adaptStep }
  const spikes = [{ time: 1, unit: 0 }, ...times.map((time) => ({ time, unit: 1 }))]
  return plainCase(subject, { neurons, weights: [30, 8], spikes, until: 40 })
}

/** dL/d(time) of a spike by its place among those of the neuron. */
const delta: NonNullable<KernelRun['delta']> = (_: SpikeTrains, k) => k

/** When the neuron fires first, and the end of the period that follows. */
function firstPeriod(subject: KernelSubject): readonly [spike: number, end: number] {
  const { times } = runCase(subject, heldCase(subject), { options: { gradients: false } }).spikes
  expect(times.length).toBeGreaterThan(1)
  return [times[0]!, times[0]! + PERIOD]
}

export const refractoryLaws: readonly KernelLaw[] = [
  {
    name: 'what arrives as a refractory period ends comes after its end',
    kind: 'lif',
    needs: ['gradients', 'refractory periods'],
    check(subject) {
      const [spike, end] = firstPeriod(subject)
      for (const earlier of [[], [spike + PERIOD / 2]]) {
        const run = (time: number) => runCase(subject, heldCase(subject, [...earlier, time]), { delta })
        const [before, at, after] = [run(nextDown(end)), run(end), run(nextUp(end))]
        expect(at.spikes.times[0]).toBe(spike)
        const apart = ({ gradient }: typeof at) => {
          return gradient.reduce((most, value, k) => Math.max(most, Math.abs(value - at.gradient[k]!)), 0)
        }
        expect(apart(after)).toBeLessThan(1e-9)
        // What moving it would do is told by the voltage behind it.
        const told = ({ returned }: typeof at) => returned[1]!.at(-1)!
        expect(Math.abs(told(after) - told(at))).toBeLessThan(1e-9)
        expect(Math.abs(told(before) - told(at))).toBeGreaterThan(1e-3)
        // An arrival before it has V rise faster as the period ends.
        expect(apart(before)).toBeGreaterThan(1e-3)
      }
    },
  },
  {
    name: 'no cutting at or right beside ends of refractory periods changes a bit, whatever arrives there',
    kind: 'lif',
    needs: ['windows', 'refractory periods'],
    check(subject) {
      const also = fc.record({
        way: cuttingWay.filter(({ horizons }) => horizons.length > 0),
        crowded: fc.constantFrom(true, true, false),
        end: between(0, 3),
      })
      const range = having('refractory periods', subject.cases.lif!)
      const tally = checkCases(subject, { kind: 'lif', also, range, short: 8, long: 28, seed: 29 }, (plain, drawn) => {
        const endsIn = (spikes: SpikeTrains) => refractoryEnds(plain, spikes).toSorted((a, b) => a - b)
        const { spikes } = runCase(subject, plain, { options: { gradients: false } })
        const crowded = drawn.crowded ? withCollisions(plain, spikes, endsIn) : plain
        const until = endsIn(spikes)[Math.floor(drawn.end * spikes.times.length)]
        const sample = until === undefined ? crowded : { ...crowded, until }
        const whole = uncutRun(subject, sample)
        const ends = refractoryEnds(sample, whole.spikes)
        const cutting = { ...drawn.way, batches: [], horizons: cutsOf(drawn.way.horizons, ends, sample) }
        expectSameBits(runCase(subject, sample, { cutting, options: inWindows(subject) }), whole)
        const [arrivals, cuts] = [new Set(arrivalsOf(sample)), new Set(cutting.horizons)]
        return {
          moved: nonZero(whole.returned),
          arriving: ends.filter((end) => arrivals.has(end)).length,
          cut: ends.filter((end) => cuts.has(end) || cuts.has(nextDown(end)) || cuts.has(nextUp(end))).length,
        }
      })
      expectSeen(tally, { arriving: 0.3, cut: 0.8, ...ifStepwise(subject, { moved: 0.5 }) })
    },
  },
  {
    name: 'the end of a refractory period is the next event of a neuron that waits for it, and none of one that has stopped',
    kind: 'lif',
    needs: ['instants', 'refractory periods'],
    check(subject) {
      const [spike, end] = firstPeriod(subject)
      const sample = heldCase(subject)
      const nextAfter = (time: number, stopAfterFirst: boolean) => {
        const kernel = subject.kernelOf(sample)
        kernel.begin(optionsOf(sample, { whole: false, gradients: false, stopAfterFirst }))
        kernel.inputs.forEach(({ order }, input) => {
          kernel.receive(input, cutTrains(sample.trains[order]!, [], sample.until)[0]!)
        })
        kernel.advance(time, time)
        return kernel.nextEvent()
      }
      expect(nextAfter(nextUp(spike), false)).toBe(end)
      expect(nextAfter(end, false)).toBe(end)
      const { times } = runCase(subject, sample, { options: { gradients: false } }).spikes
      expect(nextAfter(nextUp(end), false)).toBe(times[1])
      expect(nextAfter(nextUp(spike), true)).toBe(Number.POSITIVE_INFINITY)
    },
  },
]
