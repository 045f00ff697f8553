import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between } from '../../support/arbitraries.js'
import { casesOf } from '../../support/cases-of.js'
import type { KernelCase } from '../../support/kernel-case.js'
import {
  expectTwinGradients,
  expectTwinSpikes,
  newTally,
  runTwins,
  type TwinTally,
} from '../../support/kernel-twins.js'
import { expectSameBits } from '../../support/same-bits.js'
import { type Arriving, simdCase } from '../../support/simd-case.js'

const SETTINGS = { numRuns: casesOf({ short: 35, long: 140 }), seed: 72, endOnFailure: true }
const KINDS = ['weights', 'delays', 'bias', 'threshold', 'adaptStep', 'inputTimes', 'tauMem', 'tauSyn', 'tauAdapt']

/** Shares of a trial at which the input is cut into batches. */
const cuts = fc.array(fc.array(between(0.01, 0.7), { maxLength: 3 }), { minLength: 3, maxLength: 3 })

function batchesAt({ from, until }: KernelCase, shares: readonly (readonly number[])[]): readonly number[][] {
  return shares.map((list) => [...new Set(list)].sort((a, b) => a - b).map((share) => from + share * (until - from)))
}

function expectMuch(tally: TwinTally, runs: number): void {
  expect(tally.spikes).toBeGreaterThan(20 * runs)
  for (const kind of KINDS) expect(tally.compared[kind], kind).toBeGreaterThan(runs)
  expect(tally.flat).toBeLessThan(runs / 3)
}

describe.each<Arriving>(['shared', 'own'])('LIF neurons with %s arrivals: both kernels', (arriving) => {
  test('find the same spikes and gradients', () => {
    const tally = newTally()
    fc.assert(
      fc.property(simdCase('lif', arriving), cuts, (sample, shares) => {
        const twins = runTwins(sample, { batches: batchesAt(sample, shares) })
        expectTwinGradients(twins, tally, expectTwinSpikes(twins, tally))
      }),
      SETTINGS,
    )
    expectMuch(tally, SETTINGS.numRuns)
    if (arriving === 'shared') expect(tally.ends).toBeGreaterThan(5 * SETTINGS.numRuns)
  })

  test('stop neurons after their first spike', () => {
    const tally = newTally()
    fc.assert(
      fc.property(simdCase('lif', arriving), (sample) => {
        const twins = runTwins(sample, { options: { stopAfterFirst: true } })
        expectTwinGradients(twins, tally, expectTwinSpikes(twins, tally))
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 10, long: 30 }) },
    )
    expect(tally.spikes).toBeGreaterThan(casesOf({ short: 50, long: 150 }))
  })

  test('lift silent neurons alike', () => {
    const tally = newTally()
    let silent = 0
    fc.assert(
      fc.property(simdCase('lif', arriving), (sample) => {
        const options = { trackSilent: true, stopAfterFirst: true }
        const forward = runTwins(sample, { options: { ...options, gradients: false } })
        const { simd, reference } = forward
        const { size } = reference.kernel.values
        const isSilent = (at: number) => reference.kernel.isSilent(Math.floor(at / size), at % size)
        const peakGradients = Float64Array.from({ length: sample.trials * size }, (_, at) => {
          expect(simd.kernel.isSilent(Math.floor(at / size), at % size)).toBe(isSilent(at))
          if (!isSilent(at)) return 0
          const [found, expected] = [simd.maxima.values[at]!, reference.maxima.values[at]!]
          expect(Math.abs(found - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)))
          silent++
          // Of two equally high peaks either may be the first.
          return Math.abs(simd.maxima.times[at]! - reference.maxima.times[at]!) < 1e-6 ? -1 - (at % 3) : 0
        })
        const twins = runTwins(sample, { options, peakGradients })
        expectTwinGradients(twins, tally, expectTwinSpikes(twins, tally))
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 10, long: 40 }) },
    )
    expect(silent).toBeGreaterThan(casesOf({ short: 50, long: 200 }))
  })

  test('hold neurons to a rate alike', () => {
    const tally = newTally()
    fc.assert(
      fc.property(simdCase('lif', arriving), between(0, 3), between(0, 3), (sample, low, width) => {
        const twins = runTwins(sample, { options: { rateBand: { low, high: low + width, strength: 0.3 } } })
        expectTwinGradients(twins, tally, expectTwinSpikes(twins, tally))
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 8, long: 20 }) },
    )
    expect(tally.compared.threshold).toBeGreaterThan(casesOf({ short: 8, long: 20 }))
  })

  test('find the same until nothing can happen any more', () => {
    const tally = newTally()
    // There the bias lifts nobody over the threshold.
    const quiet = simdCase('lif', arriving).filter(({ from }) => from > 0)
    fc.assert(
      fc.property(quiet, (sample) => {
        const twins = runTwins({ ...sample, until: Number.POSITIVE_INFINITY })
        expectTwinGradients(twins, tally, expectTwinSpikes(twins, tally))
      }),
      { ...SETTINGS, numRuns: 15 },
    )
    expect(tally.spikes).toBeGreaterThan(5 * 15)
  })

  test('are told what nobody wants to know, and that changes no other bit', () => {
    let answered = 0
    fc.assert(
      fc.property(simdCase('lif', arriving), fc.boolean(), (sample, inputTimes) => {
        const { simd: all } = runTwins(sample)
        const { simd: some } = runTwins(sample, { options: { biasGradient: false, inputTimes } })
        const { bias, threshold } = all.kernel.layout
        const others = ({ gradient }: typeof all) => [gradient.slice(0, bias), gradient.slice(threshold)]
        expectSameBits(others(some), others(all))
        expectSameBits(some.spikes, all.spikes)
        if (inputTimes) expectSameBits(some.answers, all.answers)
        answered += all.answers.filter((values) => values.some((value) => value !== 0)).length
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 7, long: 15 }) },
    )
    expect(answered).toBeGreaterThan(casesOf({ short: 7, long: 15 }))
  })
})
