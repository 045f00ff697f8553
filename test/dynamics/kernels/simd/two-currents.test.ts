import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chosenKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { li } from '../../../../src/network/models/li.js'
import { lif } from '../../../../src/network/models/lif.js'
import { hasNeurons } from '../../../../src/network/models/models.js'
import { trainsOf } from '../../../learning/trains.js'
import { arbitraryScale, between } from '../../../support/arbitraries.js'
import { casesOf } from '../../../support/cases-of.js'
import type { KernelCase } from '../../../support/kernel-case.js'
import { expectTwinGradients, newTally, runTwins, type Twins } from '../../../support/kernel-twins.js'
import { batchOf, WHOLE } from '../kernel-for.js'

/** A neuron among others that meet the same arrivals. */
interface Course {
  readonly bias: number
  readonly weights: readonly number[]
}

const inhibits = arbitraryScale(1e-2, 10).map((size) => -size)
const excites = arbitraryScale(1e-2, 10)
/** Weights of 0 excite: nothing arrives, and still they are told how much they would move. */
const either = fc.oneof(inhibits, excites, fc.constantFrom(0, -0))
const course: fc.Arbitrary<Course> = fc.record({
  bias: fc.oneof(fc.constant(0), between(-0.5, 1.5)),
  weights: fc.tuple(excites, inhibits, either, either, either),
})

interface Setting {
  readonly courses: readonly Course[]
  readonly gap: number
  readonly until: number
}

const setting: fc.Arbitrary<Setting> = fc
  .record({
    // One alone, lest others beside it have the lane group looked at; or more than a lane group.
    courses: fc.constantFrom(1, 1, 1, 13).chain((count) => fc.array(course, { minLength: count, maxLength: count })),
    gap: fc.oneof(fc.constant(0), between(0.5, 40)),
    rest: fc.oneof(between(0.1, 60), fc.constant(Number.POSITIVE_INFINITY)),
  })
  .map(({ courses, gap, rest }) => ({ courses, gap, until: 1 + 2 * gap + rest }))

/** The first two spikes arrive at once, so that a course may begin with both currents; the others one by one. */
function caseOf({ courses, gap, until }: Setting, inh: number, kind: 'li' | 'lif'): KernelCase {
  const taus = { tauMem: 20, tauSynExc: 8, tauSynInh: 8 * inh }
  const bias = courses.map((each) => each.bias)
  const size = courses.length
  const network = defineNetwork({
    groups: {
      in: source(5),
      x: kind === 'li' ? li(size, { ...taus, bias }) : lif(size, { ...taus, bias, threshold: 99 }),
    },
    projections: [connect('in', 'x', dense(courses.map(({ weights }) => [...weights])), { delay: 0 })],
  })
  const spikes = [0, 0, 0, 1, 2].map((gaps, unit) => ({ time: 1 + gaps * gap, unit }))
  return { instance: instantiate(network, 0), trains: [trainsOf([spikes])], trials: 1, from: 0, until }
}

/** Compares maxima, and counts those that lie inside an interval: of courses that rise at its start, and of others. */
function expectMaxima({ sample, found, reference }: Twins, seen: { risen: number; delayed: number }): void {
  const { values, times } = reference.maxima
  const arrivals = sample.trains[0]!.times
  times.forEach((time, n) => {
    const value = values[n]!
    expect(Math.abs(found.maxima.values[n]! - value), `neuron ${n}`).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(value)),
    )
    if (time === 0 || time === sample.until || arrivals.includes(time)) return
    if (risesAt(sample, n, arrivals.findLast((arrival) => arrival < time) ?? 0)) seen.risen++
    else seen.delayed++
  })
}

/** Whether V rises right after a time at which something arrives. */
function risesAt({ instance, trains }: KernelCase, n: number, time: number): boolean {
  const x = instance.groups.find(({ name }) => name === 'x')!
  if (!hasNeurons(x)) throw new RangeError('x are no neurons')
  const [tauMem, bias] = [x.tauMem[n]!, x.bias[n]!]
  let [v, exc, inh, now] = [0, 0, 0, 0]
  const kappa = (tau: number, d: number) => (tau / (tau - tauMem)) * (Math.exp(-d / tau) - Math.exp(-d / tauMem))
  trains[0]!.times.forEach((arrival, k) => {
    if (arrival > time) return
    const d = arrival - now
    const left = Math.exp(-d / tauMem)
    v = v * left + bias * (1 - left) + kappa(x.tauSynExc[n]!, d) * exc + kappa(x.tauSynInh[n]!, d) * inh
    exc *= Math.exp(-d / x.tauSynExc[n]!)
    inh *= Math.exp(-d / x.tauSynInh[n]!)
    const weight = instance.projections[0]!.weights[5 * n + trains[0]!.units[k]!]!
    if (weight >= 0) exc += weight
    else inh += weight
    now = arrival
  })
  return exc + inh + bias - v > 0
}

describe.each([0.3, 0.8, 1, 1.3, 3])('two currents, tauSynInh = %f tauSynExc:', (inh) => {
  test.each(['li', 'lif'] as const)('the maxima of %s neurons are the largest over ends and extrema', (kind) => {
    const seen = { risen: 0, delayed: 0 }
    const numRuns = casesOf({ short: 60, long: 1500 })
    fc.assert(
      fc.property(setting, (drawn) => {
        const options = { gradients: false, trackSilent: kind === 'lif' }
        expectMaxima(runTwins(caseOf(drawn, inh, kind), { options }), seen)
      }),
      { numRuns, seed: 11, endOnFailure: true },
    )
    expect(seen.risen).toBeGreaterThan(numRuns)
    if (inh < 1) expect(seen.delayed).toBeGreaterThan(0.05 * numRuns)
  })

  test('every weight is told by the current that it drives, also where it is 0', () => {
    const tally = newTally()
    fc.assert(
      fc.property(setting, fc.boolean(), ({ until, ...drawn }, isIntegral) => {
        const sample = caseOf({ ...drawn, until: Math.min(until, 200) }, inh, 'li')
        const options = isIntegral ? { integral: { tau: 50 } } : {}
        const peakGradients = Float64Array.from(drawn.courses, (_, n) => Math.sin(n + 1))
        expectTwinGradients(runTwins(sample, { options, peakGradients }), tally)
      }),
      { numRuns: casesOf({ short: 16, long: 400 }), seed: 12, endOnFailure: true },
    )
    expect(tally.compared.weights).toBeGreaterThan(casesOf({ short: 160, long: 4000 }))
    expect(tally.compared.tauSynInh).toBeGreaterThan(casesOf({ short: 40, long: 1000 }))
  })
})

test('the maximum of a silent neuron does not depend on how the threshold of another one adapts', () => {
  const inh = fc.constantFrom(0.3, 0.8, 1.3, 3)
  const maximaBeside = (drawn: Course, inhibition: number, tauAdapt: number) => {
    const taus = { tauMem: 20, tauSynExc: 8, tauSynInh: 8 * inhibition }
    const adapting = { adaptStep: 0.1, tauAdapt: [20, tauAdapt] }
    const network = defineNetwork({
      groups: { in: source(6), x: lif(2, { ...taus, ...adapting, bias: [drawn.bias, 0], threshold: [99, 1] }) },
      projections: [
        connect(
          'in',
          'x',
          dense([
            [...drawn.weights, 0],
            [0, 0, 0, 0, 0, 50],
          ]),
          { delay: 0 },
        ),
      ],
    })
    const times = [1, 1, 1, 9, 30, 2]
    const trains = [trainsOf([times.map((time, unit) => ({ time, unit })).toSorted((a, b) => a.time - b.time)])]
    const sample = { instance: instantiate(network, 0), trains, trials: 1, from: 0, until: 80 }
    const { found } = runTwins(sample, { options: { gradients: false, trackSilent: true } })
    expect(found.spikes.times.length).toBeGreaterThan(0)
    return [found.maxima.values[0], found.maxima.times[0]]
  }
  fc.assert(
    fc.property(course, inh, arbitraryScale(0.01, 1e4), (drawn, inhibition, tauAdapt) => {
      expect(maximaBeside(drawn, inhibition, tauAdapt)).toEqual(maximaBeside(drawn, inhibition, 20))
    }),
    { numRuns: casesOf({ short: 60, long: 600 }), seed: 13, endOnFailure: true },
  )
})

test('the saved state of readouts holds both currents', () => {
  const setting = { courses: [{ bias: 0, weights: [2, -3, 0, 0, 0] }], gap: 5, until: 100 }
  const kernel = chosenKernelOfGroup('simd', caseOf(setting, 2, 'li').instance, 'x')
  kernel.begin({ ...WHOLE, whole: false, gradients: false, segmented: true })
  const spikes = [
    { time: 1, unit: 0 },
    { time: 1, unit: 1 },
  ]
  kernel.receive(0, batchOf([spikes], [0, 50]))
  kernel.advance(50, 50)
  const columns = Object.entries(kernel.saveState().columns).map(([name, column]) => [name, [...column]])
  expect(Object.fromEntries(columns)).toEqual({ aboveBias: [0], current: [2], inhibitoryCurrent: [-3], since: [1] })
})
