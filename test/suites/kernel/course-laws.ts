import fc from 'fast-check'
import type { LifValues } from '../../../src/network/instance/instance.js'
import type { LifParameters } from '../../../src/network/models/lif.js'
import { arbitraryScale, between } from '../../support/arbitraries.js'
import { type Input, inputsOf } from '../../support/attainable-times.js'
import { casesOf } from '../../support/cases-of.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { byNeuron, newTally, type Twins } from '../../support/kernel-twins.js'
import { expectAgreement } from './agreement-laws.js'
import { alone, LANES, tausFor } from './edge-cases.js'
import type { KernelLaw } from './kernel-law.js'
import type { KernelSubject } from './kernel-subject.js'
import { plainCase } from './plain-case.js'

/** How a spike came about, as far as a rule for courses that rise towards a threshold above rest does not hold for it. */
type Oddity = 'above rest' | 'adapted' | 'turned'

/** Current of a neuron at a time, by what drives it. */
function currentAt({ tauSynExc, tauSynInh }: LifValues, n: number, inputs: readonly Input[], time: number): number {
  return inputs.reduce((sum, { time: at, weight }) => {
    if (at >= time) return sum
    return sum + weight * Math.exp((at - time) / (weight >= 0 ? tauSynExc : tauSynInh)[n]!)
  }, 0)
}

/** Counts spikes under a current below 0 with a threshold below rest, or that falls onto V; and under one that has changed sign. */
function countOddities({ sample, reference }: Twins, seen: Record<Oddity, number>): void {
  const x = sample.instance.groups.find(({ name }) => name === 'x') as LifValues
  const inputs = inputsOf(sample.instance, sample.trains, 0)
  byNeuron(reference.spikes, x.size).forEach((times, n) => {
    let a = 0
    times.forEach((time, k) => {
      const before = times[k - 1] ?? 0
      a = (a + (k > 0 ? x.adaptStep[n]! : 0)) * Math.exp((before - time) / x.tauAdapt[n]!)
      const i = currentAt(x, n, inputs[n]!, time)
      const since = Math.max(before, ...inputs[n]!.filter((input) => input.time < time).map((input) => input.time))
      // What arrives right then is in it.
      const first = currentAt(x, n, inputs[n]!, since + 1e-9)
      if (first * i < 0) seen.turned++
      if (i >= 0) return
      if (x.threshold[n]! <= x.bias[n]!) seen['above rest']++
      else if (a > 0.01) seen.adapted++
    })
  })
}

const SIZE = 17
/** A column of neurons that are alone in their lane groups. */
const spread = (values: readonly number[]) =>
  values.flatMap((value) => [value, ...new Array<number>(LANES - 1).fill(0)])
const list = <T>(entry: fc.Arbitrary<T>) => fc.array(entry, { minLength: SIZE, maxLength: SIZE })
const either = fc.oneof(
  arbitraryScale(0.05, 30),
  arbitraryScale(0.05, 30).map((size) => -size),
)

/** Arrivals of either sign; neurons by their columns. */
function courseCase(
  subject: KernelSubject,
  neurons: Partial<LifParameters>,
  weights: readonly number[],
  gaps: readonly number[],
): DrawnKernelCase {
  let time = 1
  const spikes = weights.map((_, unit) => {
    time += gaps[unit]!
    return { time, unit }
  })
  return plainCase(subject, { neurons, weights, spikes, until: time + 60 })
}

/** With the time constants that the kernel must have; two currents also where it only may. */
function tausOf(subject: KernelSubject, tauSyn: number, inhibits: number, size = SIZE): Partial<LifParameters> {
  if (!hasTwo(subject) || inhibits === 1) return tausFor(subject, size, tauSyn)
  return { tauMem: 20, tauSynExc: tauSyn, tauSynInh: inhibits * tauSyn }
}

/** Whether the current of some neurons may change its sign between two arrivals. */
function hasTwo({ cases }: KernelSubject): boolean {
  const { must, may } = cases.lif!
  return must.includes('two currents') || (may.includes('two currents') && !must.includes('taus per neuron'))
}

const gaps = fc.array(fc.oneof(fc.constant(0), between(0, 12)), { minLength: 6, maxLength: 6 })
const weights = fc.array(either, { minLength: 6, maxLength: 6 })
const tauSyn = fc.constantFrom(10, 5, 8, 20, 33)

export const courseLaws: readonly KernelLaw[] = [
  {
    name: 'fires as the reference does where thresholds lie at or below rest, or below 0, whatever the current',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      const beside = fc.oneof(
        fc.constant(0),
        arbitraryScale(1e-12, 1),
        arbitraryScale(1e-3, 1).map((size) => -size),
      )
      // Below 0 they fire as a trial begins, with a slope if rest is above.
      const threshold = fc.oneof(between(0.02, 1), fc.constantFrom(1e-6, -1e-6), between(-1, -0.02))
      const neuron = fc.record({ threshold, beside, below: between(0.05, 2) })
      const also = fc.record({
        neurons: list(neuron),
        weights,
        gaps,
        tauSyn,
        inhibits: fc.constantFrom(1, 1, 0.4, 2.5),
      })
      const [tally, seen] = [newTally(), { 'above rest': 0, adapted: 0, turned: 0 }]
      const numRuns = casesOf({ short: 6, long: 28 })
      fc.assert(
        fc.property(also, ({ neurons, inhibits, ...drawn }) => {
          const columns = {
            threshold: neurons.map(({ threshold }) => threshold),
            bias: neurons.map(
              (each) => each.threshold + (each.threshold < 0 ? Math.abs(each.beside) + 1e-9 : each.beside),
            ),
            vReset: neurons.map((each) => each.threshold - each.below),
            refractory: 0.5,
          }
          const taus = tausOf(subject, drawn.tauSyn, inhibits)
          const sample = courseCase(subject, { ...taus, ...columns }, drawn.weights, drawn.gaps)
          countOddities(expectAgreement(subject, sample, tally, { options: { gradients: false } }), seen)
        }),
        { numRuns, seed: 43, endOnFailure: true },
      )
      expectCounts({ ...seen, spikes: tally.spikes }, { 'above rest': 1.5 * numRuns, spikes: 30 * numRuns })
      if (hasTwo(subject)) expectCounts(seen, { turned: 0.5 * numRuns })
    },
  },
  {
    name: 'fires as the reference does where an adapted threshold falls onto V, whatever the current',
    kind: 'lif',
    needs: ['rounding'],
    check(subject) {
      // With thousands of synapses a few neurons take as long.
      const isByRule = subject.cases.lif!.must.includes('rules')
      const neuron = fc.record({
        below: arbitraryScale(1e-3, 0.3),
        adaptStep: arbitraryScale(0.3, 3),
        bias: between(0, 0.99),
      })
      const also = fc.record({
        ...{ neurons: list(neuron).map((drawn) => (isByRule ? drawn.slice(0, 3) : drawn)), gaps, tauSyn },
        inhibits: fc.constantFrom(1, 1, 0.4, 2.5),
        tauAdapt: arbitraryScale(1, 8),
        // Enough to fire; what turns the current around, by so much; then a little of either sign.
        first: between(8, 20),
        turn: fc.record({ after: between(2, 6), by: arbitraryScale(1.001, 1.3) }),
        others: fc.tuple(between(-3, 0), between(-1, 2), between(-3, 3), between(0, 5)),
      })
      const [tally, seen] = [newTally(), { 'above rest': 0, adapted: 0, turned: 0 }]
      const numRuns = casesOf({ short: 6, long: 28 })
      fc.assert(
        fc.property(also, ({ neurons, inhibits, tauAdapt, first, turn, others, ...drawn }) => {
          const columns = {
            ...{ threshold: alone(neurons.map(() => 1)), tauAdapt },
            bias: spread(neurons.map(({ bias }) => bias)),
            vReset: spread(neurons.map(({ below }) => 1 - below)),
            adaptStep: spread(neurons.map(({ adaptStep }) => adaptStep)),
          }
          const against = -first * Math.exp(-turn.after / drawn.tauSyn) * turn.by
          const taus = tausOf(subject, drawn.tauSyn, inhibits, LANES * neurons.length)
          const sample = courseCase(
            subject,
            { ...taus, ...columns },
            [first, against, ...others],
            [0, turn.after, ...drawn.gaps],
          )
          countOddities(expectAgreement(subject, sample, tally, { options: { gradients: false } }), seen)
        }),
        { numRuns, seed: 42, endOnFailure: true },
      )
      expectCounts(
        { ...seen, spikes: tally.spikes },
        { adapted: (isByRule ? 0.03 : 0.5) * numRuns, spikes: (isByRule ? 5 : 30) * numRuns },
      )
    },
  },
]

function expectCounts(seen: Readonly<Record<string, number>>, least: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(least))
    if (!(seen[what]! >= count)) throw new RangeError(`${what}: ${seen[what]}, and not ${count}`)
}
