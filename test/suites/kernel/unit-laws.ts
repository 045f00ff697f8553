import fc from 'fast-check'
import { expect } from 'vitest'
import { hasNeurons } from '../../../src/network/models/models.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { arbitraryScale, between } from '../../support/arbitraries.js'
import { casesOf } from '../../support/cases-of.js'
import type { DrivenKernel, KernelResult } from '../../support/drive-kernel.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { brakedCase, type EdgeCase, grazedCase, quarterCase } from './edge-cases.js'
import type { KernelLaw } from './kernel-law.js'
import {
  anyPeaks,
  checkCases,
  expectSeen,
  ifBackward,
  type KernelRun,
  type KernelSubject,
  kernelFor,
  nonZero,
  runCase,
} from './kernel-subject.js'

/** Also what no single precision holds. */
const UNITS = [-180, -90, -30, -7, 7, 30, 90, 180].map((exponent) => 2 ** exponent)

/** What was meant for voltages about 1 allows nothing in a large unit. */
const MOSTLY_LARGE = [-90, 7, 90, 180].map((exponent) => 2 ** exponent)

const VOLTAGES = ['threshold', 'vReset', 'bias', 'adaptStep']

/** All that is a voltage, or adds to one, times a factor. */
function scaled(sample: DrawnKernelCase, factor: number): DrawnKernelCase {
  const times = (column: Float64Array) => column.map((value) => value * factor)
  const { groups, projections } = sample.instance
  const instance = {
    groups: groups.map((group) => {
      if (!hasNeurons(group)) return group
      const columns = Object.entries(group).filter(([field]) => VOLTAGES.includes(field))
      return { ...group, ...Object.fromEntries(columns.map(([field, column]) => [field, times(column)])) }
    }),
    // Rules draw in a unit of their own.
    projections: projections.map(({ draws: _, ...projection }) => ({
      ...projection,
      weights: times(projection.weights),
    })),
  }
  return { ...sample, instance: { ...sample.instance, ...instance } }
}

/** A result in the unit of voltages that its case has. */
interface InUnit {
  readonly result: KernelResult
  readonly layout: DrivenKernel['layout']
  readonly unit: number
}

/** The same in a unit of 1: voltages by it, gradients by voltages times it; times, and gradients by them, as they are. */
function inUnitOfOne({ result, layout, unit }: InUnit): KernelResult {
  const { maxima, integrals, gradient } = result
  const { delays, bias, taus, length } = layout
  const end = taus[0]?.at ?? length
  return {
    ...result,
    maxima: { ...maxima, values: maxima.values.map((value) => value / unit) },
    integrals: integrals.map((value) => value / unit),
    gradient: gradient.map((value, at) => (at < delays || (at >= bias && at < end) ? value * unit : value)),
  }
}

/** Runs a case in the unit that it is drawn in and in another one, told gradients in that; returns what came of it. */
function expectSameInUnits(
  subject: KernelSubject,
  drawn: DrawnKernelCase,
  other: number,
  runIn: (unit: number) => KernelRun,
): KernelResult {
  const [plain, found] = [1, other].map((unit) => {
    const sample = scaled(drawn, unit)
    const kernel = kernelFor(subject, sample)
    const result = runCase(subject, sample, { ...runIn(unit), kernel })
    return inUnitOfOne({ result, layout: kernel.layout, unit })
  })
  expectSameBits(found, plain)
  return plain!
}

/** dL/d(max V) of silent neurons, and of those alone, if there are any. */
function hingeOf(subject: KernelSubject, sample: DrawnKernelCase): Float64Array {
  const { silent } = runCase(subject, sample, { options: { gradients: false, trackSilent: true } })
  return anyPeaks(sample).map((value, at) => (silent[at] ? value : 0))
}

const BESIDE = [nextDown, (time: number) => time, nextUp]

/** What comes beside the first spike of every neuron, in a trial each. */
function besideFirsts(subject: KernelSubject, { sample, with: braked }: EdgeCase): DrawnKernelCase {
  const { times } = runCase(subject, sample, { options: { gradients: false, stopAfterFirst: true } }).spikes
  return braked([...times.slice(0, 5)].flatMap((time) => BESIDE.map((beside) => beside(time))))
}

export const unitLaws: readonly KernelLaw[] = [
  {
    name: 'no bit depends on the unit of voltages, if that is a power of two',
    kind: 'lif',
    needs: [],
    check(subject) {
      const also = fc.record({
        unit: fc.constantFrom(...UNITS),
        hinges: fc.boolean(),
        band: fc.option(fc.record({ low: between(0, 3), width: between(0, 3) })),
      })
      const tally = checkCases(subject, { kind: 'lif', also, short: 6, long: 28, seed: 53 }, (drawn, asked) => {
        const { unit: other, hinges, band } = asked
        const peaks = hinges ? hingeOf(subject, scaled(drawn, 1)) : null
        const { spikes, gradient, maxima } = expectSameInUnits(subject, drawn, other, (unit) => ({
          peakGradients: peaks === null ? null : peaks.map((value) => value / unit),
          options: {
            trackSilent: hinges,
            ...(band === null
              ? {}
              : { rateBand: { low: band.low, high: band.low + band.width, strength: 0.3 / unit } }),
          },
        }))
        return { spikes: spikes.times.length, maxima: maxima.values.length, moved: nonZero([gradient]) }
      })
      expectSeen(tally, { spikes: 10, maxima: 2, ...ifBackward(subject, { moved: 0.5 }) })
    },
  },
  {
    name: 'no bit depends on the unit of voltages, if that is a power of two, where neurons only just fire, or fire just before what arrives',
    kind: 'lif',
    needs: [],
    check(subject) {
      const start = fc.constantFrom(1, 1, 1_000_003.3)
      const tauSyn = fc.constantFrom(10, 5, 10, 5, 8, 20, 20 * (1 + 1e-9), 31)
      const size = fc.constantFrom(1e6, 1e3, 1, 0, 0)
      // The second arrival may come as a millisecond ends.
      const gap = fc.oneof({ weight: 3, arbitrary: between(0.05, 12) }, fc.constant(1 - 2 ** -52))
      const lifted = fc.tuple(fc.record({ size, gap, tauSyn, start }), fc.constantFrom(grazedCase, quarterCase))
      const grazed = lifted.map(
        ([drawn, edge]) =>
          (subject: KernelSubject) =>
            edge(subject, drawn),
      )
      const braked = fc
        .record({
          ...{ tauSyn, start, bias: fc.constantFrom(0, -0.4, 0.2) },
          excitation: fc.oneof(between(7, 60), arbitraryScale(1e6, 1e7)),
          refractory: fc.constantFrom(0, 5),
          adaptStep: fc.constantFrom(0, 0.3),
        })
        .map((drawn) => (subject: KernelSubject) => brakedCase(subject, drawn))
      let spikes = 0
      const numRuns = casesOf({ short: 9, long: 56 })
      fc.assert(
        fc.property(
          fc.oneof({ weight: 3, arbitrary: grazed }, braked),
          fc.constantFrom(...MOSTLY_LARGE),
          (edge, other) => {
            const sample = besideFirsts(subject, edge(subject))
            const options = { gradients: false }
            spikes += expectSameInUnits(subject, sample, other, () => ({ options })).spikes.times.length
          },
        ),
        { numRuns, seed: 57, endOnFailure: true },
      )
      expect(spikes).toBeGreaterThan(20 * numRuns)
    },
  },
  {
    name: 'no bit depends on the unit of voltages, if that is a power of two',
    kind: 'li',
    needs: [],
    check(subject) {
      const also = fc.record({
        unit: fc.constantFrom(...UNITS),
        tau: fc.option(fc.oneof(fc.constant(Number.POSITIVE_INFINITY), arbitraryScale(1, 500))),
      })
      const tally = checkCases(subject, { kind: 'li', also, short: 6, long: 28, seed: 58 }, (drawn, { unit, tau }) => {
        const { gradient, maxima, integrals } = expectSameInUnits(subject, drawn, unit, (of) => ({
          peakGradients: anyPeaks(drawn).map((value) => value / of),
          options: tau === null ? {} : { integral: { tau } },
        }))
        return { maxima: maxima.values.length, integrals: integrals.length, moved: nonZero([gradient]) }
      })
      expectSeen(tally, { maxima: 5, integrals: 2, ...ifBackward(subject, { moved: 0.5 }) })
    },
  },
]
