import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineNetwork } from '../../../src/network/define-network.js'
import { li, source } from '../../../src/network/groups.js'
import { instantiate } from '../../../src/network/instantiate.js'
import { connect, dense, perSynapse } from '../../../src/network/projections.js'
import { trainsOf } from '../../learning/trains.js'
import { arbitraryScale } from '../../support/arbitraries.js'
import { casesOf } from '../../support/cases-of.js'
import { kernelOf } from '../../support/kernel-case.js'
import { expectTwinGradients, newTally, runTwins } from '../../support/kernel-twins.js'
import { type Arriving, simdCase } from '../../support/simd-case.js'
import { WHOLE } from '../kernel-for.js'

const SETTINGS = { numRuns: casesOf({ short: 12, long: 50 }), seed: 72, endOnFailure: true }

describe.each<Arriving>(['shared', 'own'])('LI readouts with %s arrivals: both kernels', (arriving) => {
  test('find the same maxima, and their gradients', () => {
    const tally = newTally()
    const seen = { start: 0, arrival: 0, inside: 0, end: 0, ties: 0 }
    fc.assert(
      fc.property(simdCase('li', arriving), (sample) => {
        const { simd, reference } = runTwins(sample, { options: { gradients: false } })
        const isArrival = new Set(sample.trains.flatMap(({ times }) => [...times]))
        const peakGradients = reference.maxima.values.map((value, at) => {
          const [found, time, other] = [simd.maxima.values[at]!, reference.maxima.times[at]!, simd.maxima.times[at]!]
          expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)))
          // Of two equally high peaks either may be the first.
          if (Math.abs(other - time) > 1e-6) {
            seen.ties++
            return 0
          }
          if (time === 0) seen.start++
          else if (time === sample.until) seen.end++
          else if (isArrival.has(time)) seen.arrival++
          else seen.inside++
          return Math.sin(at + 1)
        })
        expectTwinGradients(runTwins(sample, { peakGradients }), tally)
      }),
      SETTINGS,
    )
    expect(seen.ties).toBeLessThan(0.01 * (seen.start + seen.arrival + seen.inside + seen.end))
    expect(Math.min(seen.start, seen.arrival, seen.inside, seen.end)).toBeGreaterThan(SETTINGS.numRuns / 5)
    for (const kind of ['weights', 'delays', 'bias', 'inputTimes'])
      expect(tally.compared[kind], kind).toBeGreaterThan(SETTINGS.numRuns)
  })
})

describe.each<Arriving>(['shared', 'own'])('LI readouts with %s arrivals that are integrated', (arriving) => {
  const taus = fc.oneof(fc.constant(Infinity), arbitraryScale(1, 500))

  test('have the same integrals on both kernels, and their gradients', () => {
    const tally = newTally()
    fc.assert(
      fc.property(simdCase('li', arriving), taus, (sample, tau) => {
        const count = sample.trials * sample.instance.groups[1]!.size
        // Now and then a readout that the loss does not look at.
        const peakGradients = Float64Array.from({ length: count }, (_, k) => (k % 5 === 4 ? 0 : Math.sin(k + 1)))
        const twins = runTwins(sample, { options: { integral: { tau } }, peakGradients })
        const [found, expected] = [twins.simd.kernel.integrals(), twins.reference.kernel.integrals()]
        expect(found.length).toBe(count)
        const most = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
        found.forEach((value, k) => {
          expect(Math.abs(value - expected[k]!)).toBeLessThanOrEqual(1e-12 * most)
        })
        // The maxima are there as well.
        expect(twins.simd.maxima).toEqual(runTwins(sample, { options: { gradients: false } }).simd.maxima)
        expectTwinGradients(twins, tally)
      }),
      SETTINGS,
    )
    for (const kind of ['weights', 'delays', 'bias', 'inputTimes'])
      expect(tally.compared[kind], kind).toBeGreaterThan(SETTINGS.numRuns)
  })
})

describe.each(['simd', 'reference'] as const)('the %s kernel', (kind) => {
  test.each([1, perSynapse([[1, 1]])])('finds a maximum where V has come to the bias, delays %j', (delay) => {
    const network = defineNetwork({
      groups: { in: source(2), x: li(1, { tauMem: 20, tauSyn: 5, bias: 0.5 }) },
      projections: [connect('in', 'x', dense([[-1, 0.1]]), { delay })],
    })
    // By then the slope of V is 0 in doubles, or V - bias as well.
    const trains = [1000, 30_000].map((time) => [
      { time, unit: 0 },
      { time: time + 50, unit: 1 },
    ])
    const sample = { instance: instantiate(network, 0), trains: [], trials: 2, from: 0, until: 31_000 }
    const kernel = kernelOf(sample, kind)
    const batch = { stream: 'in', sequence: 0, window: { start: 0, end: 30_060 }, ...trainsOf(trains) }
    const run = (trial: number, until: number) => {
      kernel.begin({ ...WHOLE, trials: 2, until })
      kernel.receive(0, batch)
      kernel.advance(until, until)
      return [kernel.maxima().values[trial], kernel.maxima().times[trial]]
    }
    expect(run(0, 1060)).toEqual([0.5, expect.closeTo(1001, 9)])
    expect(run(1, 30_060)).toEqual([0.5, expect.toSatisfy((time: number) => time <= 30_001)])
  })
})
