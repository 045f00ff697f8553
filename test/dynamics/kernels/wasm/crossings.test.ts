import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { arbitraryScale, between } from '../../../support/arbitraries.js'
import type { Arriving } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import type { KernelCase } from '../../../support/kernel-case.js'
import { expectTwinSpikes, newTally, runTwins } from '../../../support/kernel-twins.js'

/** One neuron of many that are worked on together. */
interface Course {
  readonly bias: number
  readonly vReset: number
  readonly adaptStep: number
  readonly weights: readonly number[]
}

const weight = fc.oneof(
  { weight: 2, arbitrary: arbitraryScale(1e-9, 60) },
  { weight: 1, arbitrary: arbitraryScale(1e-3, 30).map((size) => -size) },
)

/** The bias on either side of the threshold, which is 1, and next to it. */
const bias = fc.oneof(
  between(-1, 1.5),
  fc.constantFrom(0, 1),
  fc.tuple(arbitraryScale(1e-12, 1e-3), fc.constantFrom(-1, 1)).map(([distance, side]) => 1 + side * distance),
)

const course = (adapts: boolean): fc.Arbitrary<Course> =>
  fc.record({
    bias,
    vReset: fc.oneof(fc.constant(0), between(-2, 0.5)),
    adaptStep: adapts ? between(0, 2) : fc.constant(0),
    weights: fc.tuple(weight, weight),
  })

type Taus = { readonly tauSyn: number } | { readonly tauSynExc: number; readonly tauSynInh: number }

/** As many neurons as fill three lane groups and a part of one, and some arrivals at each. */
function caseOf(courses: readonly Course[], { gap, ...taus }: Taus & { gap: number }, arriving: Arriving): KernelCase {
  const arrivals = courses[0]!.weights.length
  const delay = arriving === 'own' ? { delay: perSynapse(courses.map(() => [0, 0])) } : {}
  const network = defineNetwork({
    groups: {
      in: source(arrivals),
      x: lif(courses.length, {
        ...{ tauMem: 20, ...taus, threshold: 1, tauAdapt: 30 },
        bias: courses.map((each) => each.bias),
        vReset: courses.map((each) => each.vReset),
        adaptStep: courses.map((each) => each.adaptStep),
      }),
    },
    projections: [connect('in', 'x', dense(courses.map(({ weights }) => [...weights])), delay)],
  })
  const spikes = Array.from({ length: arrivals }, (_, unit) => ({ time: 1 + unit * gap, unit }))
  return { instance: instantiate(network, 0), trains: [trainsOf([spikes])], trials: 1, from: 0, until: 120 }
}

describe.each<Arriving>(['shared', 'own'])('crossings, %s arrivals,', (arriving) => {
  test.each([
    { ratio: 2, adapts: false },
    { ratio: 4, adapts: false },
    { ratio: 2, adapts: true },
    { ratio: 4, adapts: true },
    { ratio: 1, adapts: false },
    { ratio: 3, adapts: true },
    { ratio: 0.4, adapts: false },
  ])('with tauMem = $ratio tauSyn, adapting: $adapts', ({ ratio, adapts }) => {
    const tally = newTally()
    const courses = fc.array(course(adapts), { minLength: 29, maxLength: 29 })
    fc.assert(
      fc.property(courses, fc.oneof(fc.constant(0), between(0, 40)), (neurons, gap) => {
        const sample = caseOf(neurons, { tauSyn: 20 / ratio, gap }, arriving)
        expectTwinSpikes(runTwins(sample, { options: { gradients: false } }), tally)
      }),
      { numRuns: casesOf({ short: 6, long: 12 }), seed: 74, endOnFailure: true },
    )
    expect(tally.spikes).toBeGreaterThan(casesOf({ short: 250, long: 500 }))
  })

  test('of a voltage that a bias drives, bent by a weak current', () => {
    const tally = newTally()
    const weak = fc.record({
      ...{ bias: between(1.1, 2.5), vReset: between(-1, 0.5), adaptStep: fc.constant(0) },
      weights: fc.tuple(arbitraryScale(1e-3, 1), arbitraryScale(1e-3, 1)),
    })
    fc.assert(
      fc.property(fc.array(weak, { minLength: 29, maxLength: 29 }), fc.constantFrom(2, 4), (neurons, ratio) => {
        const sample = caseOf(neurons, { tauSyn: 20 / ratio, gap: 30 }, arriving)
        expectTwinSpikes(runTwins(sample, { options: { gradients: false } }), tally)
      }),
      { numRuns: casesOf({ short: 8, long: 20 }), seed: 76, endOnFailure: true },
    )
    expect(tally.spikes).toBeGreaterThan(casesOf({ short: 200, long: 500 }))
  })
})

describe('crossings under two currents,', () => {
  test.each([
    { mem: 2, inh: 0.5, adapts: false },
    { mem: 2, inh: 2.2, adapts: false },
    { mem: 4, inh: 2, adapts: true },
    { mem: 4, inh: 0.3, adapts: true },
    { mem: 3, inh: 1, adapts: true },
    { mem: 0.4, inh: 0.9, adapts: false },
    { mem: 0.4, inh: 2.5, adapts: true },
  ])('tauMem = $mem tauSynExc, tauSynInh = $inh tauSynExc, adapting: $adapts', ({ mem, inh, adapts }) => {
    const tally = newTally()
    const inhibits = arbitraryScale(1e-3, 30).map((size) => -size)
    const excites = arbitraryScale(1e-2, 60)
    const weights = fc.tuple(inhibits, excites, weight, excites, inhibits, weight)
    const courses = fc.array(fc.tuple(course(adapts), weights), { minLength: 29, maxLength: 29 })
    const gaps = fc.oneof(fc.constant(0), between(0, 12))
    fc.assert(
      fc.property(courses, gaps, (neurons, gap) => {
        const sample = caseOf(
          neurons.map(([each, several]) => ({ ...each, weights: several })),
          { tauSynExc: 20 / mem, tauSynInh: (20 / mem) * inh, gap },
          'shared',
        )
        expectTwinSpikes(runTwins(sample, { options: { gradients: false } }), tally)
      }),
      { numRuns: casesOf({ short: 6, long: 20 }), seed: 77, endOnFailure: true },
    )
    expect(tally.spikes).toBeGreaterThan(casesOf({ short: 300, long: 1000 }))
  })
})
