import fc from 'fast-check'
import { expect } from 'vitest'
import { arbitraryScale, between } from '../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { type DrawnKernelCase, firesForEver } from '../../support/kernel-case.js'
import {
  expectTwinGradients,
  expectTwinSpikes,
  newTally,
  runTwins,
  type TwinRun,
  type Twins,
  type TwinTally,
} from '../../support/kernel-twins.js'
import { refractoryEnds } from '../../support/refractory-ends.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import {
  anyPeaks,
  can,
  checkCases,
  expectSeen,
  hasRefractoryPeriods,
  type KernelSubject,
  kernelFor,
  runCase,
} from './kernel-subject.js'
import { withOtherTaus } from './other-taus.js'

/** Runs the kernel and the reference, and holds one to the other. */
export function expectAgreement(
  subject: KernelSubject,
  sample: DrawnKernelCase,
  tally: TwinTally,
  run: TwinRun = {},
): Twins {
  const gradients = can(subject, 'gradients')
  const options = { gradients, tauGradient: gradients, ...run.options }
  const twins = runTwins(sample, { ...run, options, kernel: kernelFor(subject, sample) })
  const { found, reference } = twins
  const { accuracy } = subject
  if (typeof accuracy === 'function') {
    const isLif = found.kernel.values.kind === 'lif'
    const flattest = isLif ? expectTwinSpikes(twins, tally, (trial) => accuracy(sample, trial)) : 1
    if (options.gradients) expectTwinGradients(twins, tally, flattest)
  } else {
    expectSameBits({ ...found, kernel: null }, { ...reference, kernel: null })
    tally.spikes += found.spikes.times.length
  }
  return twins
}

/** 1e-12 relative, or of 1. */
function expectClose(found: Float64Array, expected: Float64Array, scale = 1): void {
  expect(found.length).toBe(expected.length)
  found.forEach((value, at) => {
    const bound = 1e-12 * Math.max(scale, Math.abs(expected[at]!))
    if (!(Math.abs(value - expected[at]!) <= bound)) expect.fail(`${value} and ${expected[at]}, number ${at}`)
  })
}

/** Of two equally high peaks either may be the first: who peaks at the same time on both kernels. */
function peaksAlike({ found, reference }: Twins): readonly boolean[] {
  return Array.from(found.maxima.times, (time, at) => Math.abs(time - reference.maxima.times[at]!) < 1e-6)
}

const NEURON = ['weights', 'delays', 'bias', 'threshold', 'adaptStep', 'inputTimes', 'tauMem', 'tauAdapt']

export const agreementLaws: readonly KernelLaw[] = [
  {
    name: 'fires as the reference does, no spike more or less, and has its gradients',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      const tally = newTally()
      const also = fc.record({ way: cuttingWay, stopAfterFirst: fc.constantFrom(false, false, false, true) })
      const cases = checkCases(subject, { kind: 'lif', also, short: 12, long: 52, seed: 2 }, (sample, drawn) => {
        const { stopAfterFirst } = drawn
        const cutting = { ...cuttingOf(drawn.way, sample, runCase(subject, sample, FORWARD)), horizons: [] }
        const { reference } = expectAgreement(subject, sample, tally, { options: { stopAfterFirst }, cutting })
        return { ends: stopAfterFirst ? 0 : refractoryEnds(sample, reference.spikes).length }
      })
      expectSeen(cases, hasRefractoryPeriods(subject) ? { ends: 1 } : {})
      const { runs } = cases
      expect(tally.spikes).toBeGreaterThan(10 * runs)
      if (!can(subject, 'gradients') || subject.accuracy === 'same bits') return
      expect(tally.flat).toBeLessThan(runs / 3)
      const { must, may } = subject.cases.lif!
      const adapts = [...must, ...may].includes('adaptation')
      const kinds = NEURON.filter((kind) => adapts || kind !== 'tauAdapt')
      for (const kind of kinds) expect(tally.compared[kind], kind).toBeGreaterThan(runs / 2)
    },
  },
  {
    name: 'fires as the reference does until nothing can happen any more',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      const tally = newTally()
      const { runs } = checkCases(
        subject,
        { kind: 'lif', also: fc.constant(null), short: 8, long: 16, seed: 3 },
        (sample) => {
          if (!firesForEver(sample)) expectAgreement(subject, { ...sample, until: Number.POSITIVE_INFINITY }, tally)
          return {}
        },
      )
      expect(tally.spikes).toBeGreaterThan(2 * runs)
    },
  },
  {
    name: 'takes up other time constants as the reference that has had them from the start',
    kind: 'lif',
    needs: ['rounding', 'parameters'],
    check(subject) {
      const tally = newTally()
      const also = fc.array(between(0.8, 1.25), { minLength: 7, maxLength: 7 })
      const { runs } = checkCases(subject, { kind: 'lif', also, short: 5, long: 14, seed: 21 }, (sample, factors) => {
        const other = withOtherTaus(sample, factors)
        const kernel = subject.kernelOf(sample)
        runCase(subject, sample, { kernel })
        kernel.parameters.set(subject.kernelOf(other).parameters)
        kernel.parametersChanged()
        expectAgreement({ ...subject, kernelOf: () => kernel }, other, tally)
        return {}
      })
      expect(tally.spikes).toBeGreaterThan(5 * runs)
    },
  },
  {
    name: 'lifts silent neurons as the reference does',
    kind: 'lif',
    needs: ['rounding', 'gradients'],
    check(subject) {
      const tally = newTally()
      const options = { trackSilent: true, stopAfterFirst: true }
      const seen = checkCases(
        subject,
        { kind: 'lif', also: fc.constant(null), short: 6, long: 18, seed: 4 },
        (sample) => {
          const forward = expectAgreement(subject, sample, newTally(), { options: { ...options, gradients: false } })
          const { silent, maxima } = forward.reference
          expectSameBits(forward.found.silent, silent)
          const ofSilent = (values: Float64Array) => values.filter((_, at) => silent[at])
          expectClose(ofSilent(forward.found.maxima.values), ofSilent(maxima.values))
          const alike = peaksAlike(forward)
          const peakGradients = Float64Array.from(silent, (is, at) => (is && alike[at] ? -1 - (at % 3) : 0))
          expectAgreement(subject, sample, tally, { options, peakGradients })
          return { silent: silent.filter(Boolean).length }
        },
      )
      expectSeen(seen, { silent: 3 })
    },
  },
  {
    name: 'holds neurons to a rate as the reference does',
    kind: 'lif',
    needs: ['rounding', 'gradients'],
    check(subject) {
      const tally = newTally()
      const also = fc.record({ low: between(0, 3), width: between(0, 3) })
      const { runs } = checkCases(
        subject,
        { kind: 'lif', also, short: 5, long: 10, seed: 5 },
        (sample, { low, width }) => {
          const rateBand = { low, high: low + width, strength: 0.3 }
          expectAgreement(subject, sample, tally, { options: { rateBand } })
          return {}
        },
      )
      expect(tally.spikes).toBeGreaterThan(5 * runs)
    },
  },
  {
    name: 'finds the maxima of the reference, and their gradients',
    kind: 'li',
    needs: ['rounding'],
    check(subject) {
      const tally = newTally()
      const cases = checkCases(
        subject,
        { kind: 'li', also: fc.constant(null), short: 8, long: 21, seed: 6 },
        (sample) => {
          const forward = runTwins(sample, { options: { gradients: false }, kernel: kernelFor(subject, sample) })
          const { values, times } = forward.reference.maxima
          expectClose(forward.found.maxima.values, values)
          const alike = peaksAlike(forward)
          const peakGradients = values.map((_, at) => (alike[at] ? Math.sin(at + 1) : 0))
          expectAgreement(subject, sample, tally, { peakGradients })
          const arrivals = new Set(sample.trains.flatMap((train) => [...train.times]))
          const count = (is: (time: number) => boolean) => times.filter((time, at) => alike[at] && is(time)).length
          const isEdge = (time: number) => time === 0 || time === sample.until
          return {
            ties: alike.filter((is) => !is).length,
            start: count((time) => time === 0),
            end: count((time) => time === sample.until),
            arrival: count((time) => !isEdge(time) && arrivals.has(time)),
            inside: count((time) => !isEdge(time) && !arrivals.has(time)),
            all: times.length,
          }
        },
      )
      expect(cases.seen.get('ties')).toBeLessThan(0.01 * cases.seen.get('all')!)
      expectSeen(cases, { start: 0.2, arrival: 0.2, inside: 0.2, end: 0.2 })
      for (const kind of READOUT) expect(tally.compared[kind], kind).toBeGreaterThan(cases.runs)
    },
  },
  {
    name: 'integrates as the reference does, and has its gradients',
    kind: 'li',
    needs: ['rounding'],
    check(subject) {
      const tally = newTally()
      const also = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), arbitraryScale(1, 500))
      const cases = checkCases(subject, { kind: 'li', also, short: 6, long: 18, seed: 7 }, (sample, tau) => {
        // Now and then a readout that the loss does not look at.
        const peakGradients = anyPeaks(sample).map((value, at) => (at % 5 === 4 ? 0 : value))
        const { found, reference } = expectAgreement(subject, sample, tally, {
          options: { integral: { tau } },
          peakGradients,
        })
        const most = reference.integrals.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
        expectClose(found.integrals, reference.integrals, most)
        // The maxima are there as well.
        expectSameBits(found.maxima, runCase(subject, sample, FORWARD).maxima)
        return { integrals: found.integrals.length }
      })
      expectSeen(cases, { integrals: 3 })
      for (const kind of READOUT) expect(tally.compared[kind], kind).toBeGreaterThan(cases.runs)
    },
  },
]

const FORWARD = { options: { gradients: false } }
const READOUT = ['weights', 'delays', 'bias', 'inputTimes']
