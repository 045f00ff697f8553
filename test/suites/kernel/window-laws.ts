import fc from 'fast-check'
import { expect } from 'vitest'
import type { KernelOptions } from '../../../src/dynamics/kernels/kernel-options.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { arbitraryScale, between } from '../../support/arbitraries.js'
import { type CuttingWay, cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { casesOf } from '../../support/cases-of.js'
import { arrivalsOf, withCollisions } from '../../support/collisions.js'
import { AT_ONCE, type Cutting, type KernelResult } from '../../support/drive-kernel.js'
import { type DrawnKernelCase, firesForEver } from '../../support/kernel-case.js'
import { refractoryEnds } from '../../support/refractory-ends.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import {
  anyPeaks,
  can,
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

/** A way to cut, and whether spikes come in steps of their own. */
const ways = fc.record({ way: cuttingWay, hasInstants: fc.boolean() })
type Way = { readonly way: CuttingWay; readonly hasInstants: boolean }

function cut(
  subject: KernelSubject,
  sample: DrawnKernelCase,
  { way, hasInstants }: Way,
  result: KernelResult,
): Cutting {
  return { ...cuttingOf(way, sample, result), hasInstants: hasInstants && can(subject, 'instants') }
}

/** Runs a case whole and cut in some way: no bit differs. */
function expectUncut(subject: KernelSubject, sample: DrawnKernelCase, way: Way, run: KernelRun = {}) {
  const whole = uncutRun(subject, sample, run)
  const cutting = cut(subject, sample, way, whole)
  const options = { ...inWindows(subject), ...run.options, whole: false }
  expectSameBits(runCase(subject, sample, { ...run, cutting, options }), whole)
  return {
    whole,
    seen: {
      spikes: whole.spikes.times.length,
      windows: cutting.horizons.length + 1,
      moved: nonZero(whole.returned),
    },
  }
}

/** What a loss sees of readouts, and its gradient. */
function readoutLaw(
  name: string,
  needs: KernelLaw['needs'],
  anyOptions: fc.Arbitrary<Partial<KernelOptions>>,
  seed: number,
): KernelLaw {
  return {
    ...{ name, needs, kind: 'li' },
    check(subject) {
      const also = fc.record({ ways, options: anyOptions })
      const tally = checkCases(subject, { kind: 'li', also, short: 6, long: 21, seed }, (sample, drawn) => {
        const { options } = drawn
        return expectUncut(subject, sample, drawn.ways, { options, peakGradients: anyPeaks(sample) }).seen
      })
      expectSeen(tally, { windows: 4, ...ifStepwise(subject, { moved: 0.5 }) })
    },
  }
}

export const windowLaws: readonly KernelLaw[] = [
  {
    name: 'no cutting into windows and batches changes a bit',
    kind: 'lif',
    needs: ['windows'],
    check(subject) {
      const also = fc.record({ ways, stopAfterFirst: fc.constantFrom(false, false, true) })
      const tally = checkCases(subject, { kind: 'lif', also, short: 8, long: 28, seed: 21 }, (sample, drawn) => {
        const { stopAfterFirst } = drawn
        return expectUncut(subject, sample, drawn.ways, { options: { stopAfterFirst } }).seen
      })
      expectSeen(tally, { spikes: 10, windows: 4, ...ifStepwise(subject, { moved: 0.5 }) })
    },
  },
  {
    name: 'nor does any cutting where arrivals, and the end, come at the very instants of spikes',
    kind: 'lif',
    needs: ['windows'],
    check(subject) {
      const also = fc.record({ ways, end: between(0, 3) })
      const tally = checkCases(subject, { kind: 'lif', also, short: 8, long: 28, seed: 122 }, (plain, drawn) => {
        const { spikes } = runCase(subject, plain, { options: { gradients: false } })
        const crowded = withCollisions(plain, spikes)
        const last = spikes.times[Math.floor(drawn.end * spikes.times.length)]
        const sample = last === undefined || last === 0 ? crowded : { ...crowded, until: last }
        const { whole, seen } = expectUncut(subject, sample, drawn.ways)
        return { ...seen, collisions: collisionsOf(sample, whole) }
      })
      expectSeen(tally, { spikes: 5, windows: 4, collisions: 0.5 })
    },
  },
  {
    name: 'a run without an end has the same bits in any windows',
    kind: 'lif',
    needs: ['windows'],
    check(subject) {
      const tally = checkCases(subject, { kind: 'lif', also: ways, short: 5, long: 14, seed: 23 }, (sample, way) => {
        // With a bias below its threshold nobody fires for ever.
        if (firesForEver(sample)) return {}
        return expectUncut(subject, { ...sample, until: Number.POSITIVE_INFINITY }, way).seen
      })
      expectSeen(tally, { spikes: 1, windows: 1 })
    },
  },
  {
    name: 'zeros keep their sign in any windows',
    kind: 'lif',
    needs: ['windows', 'stepwise'],
    check(subject) {
      const also = fc.record({ ways, from: between(0, 1), zero: fc.constantFrom(0, -0) })
      const tally = checkCases(
        subject,
        { kind: 'lif', also, short: 6, long: 21, seed: 24 },
        (sample, { from, zero, ...drawn }) => {
          // Nobody asks about what comes later.
          const ends = sample.from + from * (sample.until - sample.from)
          const delta = ({ times, units }: SpikeTrains, k: number) => (times[k]! < ends && units[k]! % 3 < 2 ? 1 : zero)
          const { whole, seen } = expectUncut(subject, sample, drawn.ways, { delta })
          const values = [...whole.returned, whole.gradient, whole.taus].flatMap((array) => [...array])
          return { ...seen, zeros: values.filter((value) => Object.is(value, 0)).length }
        },
      )
      expectSeen(tally, { moved: 0.2, zeros: 5 })
    },
  },
  {
    name: 'silent neurons have the same maxima under a hinge in any windows',
    kind: 'lif',
    needs: ['windows', 'gradients'],
    check(subject) {
      const tally = checkCases(subject, { kind: 'lif', also: ways, short: 5, long: 14, seed: 25 }, (sample, way) => {
        const { silent } = runCase(subject, sample, { options: { gradients: false } })
        const peakGradients = Float64Array.from(silent, (is, at) => (is ? -0.5 - (at % 3) : 0))
        expectUncut(subject, sample, way, { options: { trackSilent: true }, peakGradients })
        return { silent: silent.filter(Boolean).length }
      })
      expectSeen(tally, { silent: 1 })
    },
  },
  readoutLaw('maxima are the same in any windows', ['windows'], fc.constant({}), 27),
  readoutLaw(
    'integrals are the same in any windows',
    ['windows', 'windowed integrals'],
    fc.constantFrom({ integral: { tau: 7 } }, { integral: { tau: Number.POSITIVE_INFINITY } }),
    26,
  ),
  {
    name: 'nothing happens before the next event, and asking for it changes no bit',
    kind: 'lif',
    needs: ['windows'],
    check(subject) {
      const tally = checkCases(subject, { kind: 'lif', also: ways, short: 5, long: 14, seed: 27 }, (sample, drawn) => {
        // Where maxima can be asked for, they are not to be moved either.
        const options = { gradients: false, trackSilent: can(subject, 'gradients') }
        const whole = runCase(subject, sample, { options })
        const happening = can(subject, 'instants') ? everyInstant(sample, whole) : null
        const cutting = cut(subject, sample, drawn, whole)
        let [asked, promised] = [0, 0]
        const onWindow = (next: number, { times }: SpikeTrains, end: number) => {
          asked++
          // What has been received is known for good: the promise holds until then, in whatever windows.
          promised = cutting.arrival === 'early' ? Math.max(promised, next) : next
          expect(times.every((time) => time >= promised)).toBe(true)
          if (next < end) expect(happening === null || happening.has(next), `something at ${next}`).toBe(true)
        }
        expectSameBits(runCase(subject, sample, { cutting, onWindow, options: { ...options, whole: false } }), whole)
        return { asked }
      })
      expectSeen(tally, { asked: 4 })
    },
  },
  {
    name: 'the next event that is told right after an arrival is the very one, in whatever window it comes',
    kind: 'lif',
    needs: ['windows', 'instants'],
    check(subject) {
      const also = fc.constant({})
      const tally = checkCases(subject, { kind: 'lif', also, short: 8, long: 35, seed: 28 }, (sample) => {
        const horizons = [...new Set(arrivalsOf(sample).map(nextUp))].toSorted((a, b) => a - b)
        let [promised, kept] = [0, 0]
        const onWindow = (next: number, { times }: SpikeTrains) => {
          promised = Math.max(promised, next)
          expect([...times].filter((time) => time < promised)).toEqual([])
          kept += times.filter((time) => time === promised).length
        }
        const cutting = { ...AT_ONCE, horizons: horizons.filter((time) => time < sample.until) }
        runCase(subject, sample, { cutting, onWindow, options: { gradients: false, whole: false } })
        return { kept }
      })
      expectSeen(tally, { kept: 1 })
    },
  },
  {
    name: 'spikes that graze their threshold are neither lost nor doubled where a run is cut',
    kind: 'lif',
    needs: ['windows'],
    check(subject) {
      const slopes = fc.array(arbitraryScale(1e-6, 1e-2), { minLength: 6, maxLength: 6 })
      // Crossings in closed form, and those that are searched for.
      const tauSyn = fc.constantFrom(10, 5, 8)
      const also = fc.record({ slopes, tauSyn, swallowed: fc.boolean(), side: fc.constantFrom(...BESIDE) })
      let [spikes, grazing] = [0, 0]
      fc.assert(
        fc.property(also, ({ swallowed, side, ...each }) => {
          const plain = grazingCase(subject, each)
          const { times } = runCase(subject, plain, { options: { gradients: false } }).spikes
          const sample = swallowed ? grazingCase(subject, each, times.map(side)) : plain
          const whole = uncutRun(subject, sample)
          const horizons = [...new Set([...times].flatMap((time) => [nextDown(time), time, nextUp(time)]))]
          const cuts = [horizons.toSorted((a, b) => a - b), horizons.filter((_, k) => k % 3 === 2)]
          for (const at of cuts) {
            const cutting = { ...AT_ONCE, horizons: at }
            expectSameBits(runCase(subject, sample, { cutting, options: inWindows(subject) }), whole)
          }
          spikes += whole.spikes.times.length
          grazing += whole.grazing
        }),
        { numRuns: casesOf({ short: 8, long: 70 }), seed: 5, endOnFailure: true },
      )
      expect(spikes).toBeGreaterThan(casesOf({ short: 15, long: 140 }))
      if (inWindows(subject).gradients === true) expect(grazing).toBeGreaterThan(casesOf({ short: 8, long: 70 }))
    },
  },
  {
    name: 'spikes that come back do what they would do from outside, in any windows',
    kind: 'lif',
    needs: ['windows', 'loops'],
    check(subject) {
      const also = fc.record({ first: ways, second: ways })
      const cases = { kind: 'lif', also, range: subject.loops, short: 8, long: 28, seed: 28 } as const
      const tally = checkCases(subject, cases, (sample, { first, second }) => {
        const run = { closesLoops: true, options: inWindows(subject) }
        const closed = runCase(subject, sample, run)
        for (const way of [first, second]) {
          const cutting = { ...cut(subject, sample, way, closed), hasInstants: false }
          expectSameBits(runCase(subject, sample, { ...run, cutting }), closed)
        }
        const trains = sample.trains.map((train, p) => {
          return sample.instance.projections[p]!.source === 'x' ? closed.spikes : train
        })
        const open = { ...sample, trains }
        const outside = subject.unlooped?.(open)
        if (outside !== undefined) expectSameBits(runCase(subject, open, { kernel: outside }).spikes, closed.spikes)
        else expectSameBits(uncutRun(subject, open, { delta: (_, k) => closed.deltas[k]! }), closed)
        return { spikes: closed.spikes.times.length, moved: nonZero(closed.returned) }
      })
      expectSeen(tally, { spikes: 10, ...ifStepwise(subject, { moved: 0.5 }) })
    },
  },
]

const BESIDE = [(time: number) => time, nextDown, nextUp, (time: number) => time + 1e-9]

/** Neurons that one arrival lifts over their thresholds with slopes s / tauMem, and what may come at some times. */
function grazingCase(
  subject: KernelSubject,
  { slopes, tauSyn }: { readonly slopes: readonly number[]; readonly tauSyn: number },
  inhibited: ArrayLike<number> = [],
): DrawnKernelCase {
  // With tauMem = m tauSyn max V = w m^{-m / (m - 1)} = 1; where m = 2, that is threshold + s² / w.
  const m = 20 / tauSyn
  const weight = m ** (m / (m - 1))
  const threshold = slopes.map((s) => 1 - s ** 2 / 4)
  const neurons = { tauMem: 20, tauSyn, threshold }
  const spikes = Array.from(inhibited, (time) => ({ time, unit: 1 }))
  return plainCase(subject, {
    neurons,
    weights: [weight, -weight],
    spikes: [{ time: 1, unit: 0 }, ...spikes],
    until: 100,
  })
}

/** Every instant at which something happens. */
function everyInstant(sample: DrawnKernelCase, { spikes }: KernelResult): ReadonlySet<number> {
  return new Set([...spikes.times, ...refractoryEnds(sample, spikes), ...arrivalsOf(sample)])
}

/** Spikes at the very instants at which something arrives. */
function collisionsOf(sample: DrawnKernelCase, { spikes: { times } }: KernelResult): number {
  const arrivals = new Set(arrivalsOf(sample))
  return times.filter((time) => arrivals.has(time)).length
}
