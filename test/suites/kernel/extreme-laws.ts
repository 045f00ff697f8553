import fc from 'fast-check'
import { expect } from 'vitest'
import type { LifValues } from '../../../src/network/instance/instance.js'
import { arbitraryScale, between } from '../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { boundsOfTimes, inputsOf } from '../../support/attainable-times.js'
import { casesOf } from '../../support/cases-of.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { byNeuron, newTally } from '../../support/kernel-twins.js'
import { expectSameBits } from '../../support/same-bits.js'
import { expectAgreement } from './agreement-laws.js'
import { tausFor } from './edge-cases.js'
import type { KernelLaw } from './kernel-law.js'
import { can, checkCases, expectSeen, type KernelSubject, kernelFor, runCase } from './kernel-subject.js'
import { plainCase } from './plain-case.js'

const FORWARD = { options: { gradients: false } } as const

/** The same case with other numbers of its neurons. */
function withNeurons(sample: DrawnKernelCase, change: (x: LifValues) => LifValues): DrawnKernelCase {
  const groups = sample.instance.groups.map((group) => (group.name === 'x' ? change(group as LifValues) : group))
  return { ...sample, instance: { ...sample.instance, groups } }
}

/** Nobody fires without an arrival: no bias is above 0.9 thresholds. */
function calmed(sample: DrawnKernelCase): DrawnKernelCase {
  return withNeurons(sample, (x) => ({
    ...x,
    bias: x.bias.map((bias, n) => Math.min(bias, 0.9 * x.threshold[n]!)),
  }))
}

/** All spikes from an instant on come later by so many ms. */
function parted(sample: DrawnKernelCase, from: number, gap: number): DrawnKernelCase {
  const trains = sample.trains.map((train) => {
    return { ...train, times: train.times.map((time) => (time < from ? time : time + gap)) }
  })
  return { ...sample, trains, until: sample.until + gap }
}

/** The same without the spikes before an instant. */
function without(sample: DrawnKernelCase, from: number): DrawnKernelCase {
  const trains = sample.trains.map(({ offsets, times, units }) => {
    const kept = Array.from(times, (_, k) => k).filter((k) => times[k]! >= from)
    return {
      offsets: offsets.map((offset) => kept.filter((k) => k < offset).length),
      times: Float64Array.from(kept, (k) => times[k]!),
      units: Uint32Array.from(kept, (k) => units[k]!),
    }
  })
  return { ...sample, trains }
}

/** In tauMem: after the first it is forgotten altogether; around the second e^{-t/tau} is on its way to 0, or just there. */
const silence = fc.oneof(
  { weight: 4, arbitrary: fc.constant(1e5) },
  { weight: 3, arbitrary: between(690, 760) },
  { weight: 1, arbitrary: arbitraryScale(20, 1e5) },
)
/** Of these time constants nothing is left, whatever it was. */
const FORGOTTEN = 1000

const TAUS = ['tauMem', 'tauSynExc', 'tauSynInh', 'tauAdapt'] as const

/** The longest one that a group has. */
function longest(x: LifValues, taus: readonly (typeof TAUS)[number][] = TAUS): number {
  return Math.max(...taus.map((tau) => x[tau].reduce((most, value) => Math.max(most, value), 0)))
}

/** Both synaptic time constants beside that of the membrane. */
function nearlyEqual(sample: DrawnKernelCase, distance: number): DrawnKernelCase {
  return withNeurons(sample, (x) => {
    const tauSynExc = x.tauMem.map((tau) => tau * (1 + distance))
    return { ...x, tauSynExc, tauSynInh: x.tauSynInh === x.tauSynExc ? tauSynExc : x.tauSynInh }
  })
}

const distance = fc
  .tuple(fc.constantFrom(2, 3, 4, 6, 8, 10, 12, 14), fc.constantFrom(1, -1))
  .map(([exponent, sign]) => sign * 10 ** -exponent)

/** Weights of 10^6 thresholds of either sign, with small ones between. */
function hugeCase(
  subject: KernelSubject,
  drawn: { signs: readonly number[]; gaps: readonly number[]; tauSyn: number; start: number; small: readonly number[] },
): DrawnKernelCase {
  const threshold = Array.from({ length: 9 }, (_, n) => 0.3 + 0.2 * n)
  let time = drawn.start
  const weights = [...drawn.signs.map((sign) => sign * 1e6), ...drawn.small]
  const spikes = weights.map((_, unit) => {
    time += drawn.gaps[unit]!
    return { time, unit }
  })
  const neurons = { ...tausFor(subject, threshold.length, drawn.tauSyn), threshold, refractory: 2 }
  return plainCase(subject, { neurons, weights, spikes, until: time + 60 })
}

export const extremeLaws: readonly KernelLaw[] = [
  {
    name: 'silence of up to 10^5 tauMem before, between or after arrivals leaves nothing behind, and nothing that is not finite',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      const also = fc.record({
        place: between(0, 1),
        where: fc.constantFrom('before', 'between', 'between', 'after'),
        silence,
        of: fc.constantFrom(...TAUS, 'tauMem' as const),
        way: cuttingWay,
      })
      const tally = newTally()
      const cases = checkCases(subject, { kind: 'lif', also, short: 6, long: 28, seed: 51 }, (drawn, silent) => {
        const plain = calmed(drawn)
        const { from, until } = plain
        const x = plain.instance.groups.find(({ name }) => name === 'x') as LifValues
        const { place, where } = silent
        const split = where === 'before' ? 0 : where === 'after' ? until : from + place * (until - from)
        const gap = silent.silence * longest(x, [silent.of])
        const sample = parted(plain, split, gap)
        const { found } = expectAgreement(subject, sample, tally)
        for (const values of [found.gradient, found.taus, ...found.returned])
          expect(values.every(Number.isFinite)).toBe(true)
        if (can(subject, 'windows')) {
          const options = { gradients: false, whole: false }
          const { spikes } = runCase(subject, sample, { options, cutting: cuttingOf(silent.way, sample, found) })
          expectSameBits(spikes, found.spikes)
        }
        if (gap < FORGOTTEN * longest(x)) return {}
        const kernel = kernelFor(subject, sample)
        const late = (each: DrawnKernelCase) => {
          const { spikes } = runCase(subject, each, { ...FORWARD, kernel })
          return byNeuron(spikes, kernel.values.size).map((times) => times.filter((time) => time >= split + gap))
        }
        const after = late(sample)
        expect(late(without(sample, split + gap))).toEqual(after)
        return { after: after.flat().length }
      })
      expectSeen(cases, { after: 2 })
      expect(tally.spikes).toBeGreaterThan(5 * cases.runs)
    },
  },
  {
    name: 'a maximum before long silence is found, whatever comes after that',
    kind: 'lif',
    needs: ['rounding', 'gradients'],
    check(subject) {
      const weights = fc.tuple(arbitraryScale(0.5, 20), fc.oneof(arbitraryScale(0.01, 0.4), fc.constantFrom(0, -0.1)))
      let before = 0
      const numRuns = casesOf({ short: 5, long: 21 })
      fc.assert(
        fc.property(silence, weights, fc.constantFrom(5, 8, 10), (gap, [first, share], tauSyn) => {
          const neurons = { ...tausFor(subject, 3, tauSyn), threshold: [99, 99, 99] }
          const late = 1 + 20 * gap
          const spikes = [1, late].map((time, unit) => ({ time, unit }))
          const sample = plainCase(subject, { neurons, weights: [first, share * first], spikes, until: late + 200 })
          const options = { gradients: false, trackSilent: true }
          const { found, reference } = expectAgreement(subject, sample, newTally(), { options })
          found.maxima.times.forEach((time, n) => {
            expect(Math.abs(time - reference.maxima.times[n]!)).toBeLessThan(1e-6)
            const value = reference.maxima.values[n]!
            expect(Math.abs(found.maxima.values[n]! - value)).toBeLessThanOrEqual(1e-12 * value)
            if (time < late) before++
          })
        }),
        { numRuns, seed: 58, endOnFailure: true },
      )
      expect(before).toBe(3 * numRuns)
    },
  },
  {
    name: 'fires as the reference does where time constants are equal but for 1e-2 to 1e-14, and has its gradients',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      const tally = newTally()
      const also = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: distance })
      const { runs } = checkCases(subject, { kind: 'lif', also, short: 6, long: 42, seed: 56 }, (sample, apart) => {
        expectAgreement(subject, nearlyEqual(calmed(sample), apart), tally)
        return {}
      })
      expect(tally.spikes).toBeGreaterThan(5 * runs)
    },
  },
  {
    name: 'fires as the reference does where weights of 10^6 thresholds inhibit and excite, also after 10^6 ms',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      const also = fc.record({
        signs: fc.array(fc.constantFrom(1, -1, -1.7, 0.3), { minLength: 4, maxLength: 4 }),
        small: fc.array(between(-4, 9), { minLength: 2, maxLength: 2 }),
        gaps: fc.array(fc.oneof(fc.constant(0), arbitraryScale(1e-6, 10), between(20, 200)), {
          minLength: 6,
          maxLength: 6,
        }),
        tauSyn: fc.constantFrom(10, 5, 8, 20, 20 * (1 + 1e-9), 31),
        start: fc.constantFrom(1, 1, 1_000_003.3),
      })
      const tally = newTally()
      const numRuns = casesOf({ short: 5, long: 35 })
      fc.assert(
        fc.property(also, (drawn) => {
          const sample = hugeCase(subject, drawn)
          const { accuracy } = subject
          if (typeof accuracy !== 'function') expectAgreement(subject, sample, tally, FORWARD)
          else expectAgreement({ ...subject, accuracy: roundedMore(accuracy) }, sample, tally, FORWARD)
        }),
        { numRuns, seed: 54, endOnFailure: true },
      )
      expect(tally.spikes).toBeGreaterThan(20 * numRuns)
    },
  },
]

type Accuracy = Extract<KernelSubject['accuracy'], (...args: never[]) => unknown>

/** What huge currents of either sign leave of V is off by more than thresholds alone would have it. */
function roundedMore(accuracy: Accuracy): Accuracy {
  return (sample, trial) => {
    const bounds = accuracy(sample, trial)
    const inputs = inputsOf(sample.instance, sample.trains, trial)
    const values = sample.instance.groups.find(({ name }) => name === 'x') as LifValues
    const roundOff = ({ height }: { height: number }) => 64 * 2 ** -53 * height
    return (n, times) => {
      const more = boundsOfTimes(values, n, { inputs: inputs[n]!, times, roundOff })
      return bounds(n, times).map((bound, k) => (bound.bound > more[k]!.bound ? bound : more[k]!))
    }
  }
}
