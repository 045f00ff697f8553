import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KernelKind } from '../../../../src/dynamics/kernels/kernel-kind.js'
import type { UndefinedSlope } from '../../../../src/dynamics/models/adjoint.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { arbitraryScale, between } from '../../../support/arbitraries.js'
import { attainableTimes } from '../../../support/attainable-times.js'
import type { Arriving } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import { driveKernel } from '../../../support/drive-kernel.js'
import { kernelOf, optionsOf } from '../../../support/kernel-case.js'
import { byNeuron, expectTwinSpikes, newTally, runTwins, type Twins } from '../../../support/kernel-twins.js'
import { copiesOf, firingTime, firingWeight, nearCrossing } from '../../../support/near-crossing.js'
import { expectSameBits } from '../../../support/same-bits.js'

/** Nearer to the threshold than this share of what adds up to V, nobody can tell on which side a peak is. */
const UNDECIDABLE = 1e-14
const DISTANCES = [9, 10, 11, 12, 12.5, 13, 13.5, 14, 15].map((exponent) => 10 ** -exponent)
const BOTH_SIDES = [...DISTANCES.map((distance) => -distance), 0, ...DISTANCES.toReversed()]
const SETTINGS = { numRuns: casesOf({ short: 16, long: 60 }), seed: 76, endOnFailure: true }

/** Numbers of spikes per (trial, neuron). */
function counts({ found: simd, reference }: Twins): readonly { readonly found: number; readonly expected: number }[] {
  const { size } = reference.kernel.values
  const found = byNeuron(simd.spikes, size)
  return byNeuron(reference.spikes, size).map((times, at) => ({ found: found[at]!.length, expected: times.length }))
}

describe.each<Arriving>(['shared', 'own'])('with %s arrivals the SIMD kernel', (arriving) => {
  test('finds a peak that rises over the threshold by next to nothing, and none that stays below', () => {
    // Every ratio of time constants is among so many, and not among much fewer.
    const numRuns = 60
    const seen = { decided: 0, undecidable: 0, adapted: 0, ratios: new Set<number>() }
    fc.assert(
      fc.property(nearCrossing(arriving), (near) => {
        const weight = firingWeight(near)
        if (weight === null) return
        const sample = copiesOf(
          near,
          BOTH_SIDES.map((distance) => weight * (1 + distance)),
        )
        const twins = runTwins(sample, { options: { gradients: false } })
        const { threshold, bias = 0, tauMem, tauSyn, adaptStep } = near.neuron as Record<string, number>
        counts(twins).forEach(({ found, expected }, n) => {
          // What the last bits of the weight add to a peak is small where it adds little to V.
          const size = Math.abs(threshold!) + Math.abs(bias) + Math.abs(near.first.weight)
          if (Math.abs(BOTH_SIDES[n]!) * weight * 0.1 < UNDECIDABLE * size) seen.undecidable++
          else {
            expect(found, `weight ${weight} (1 + ${BOTH_SIDES[n]})`).toBe(expected)
            seen.decided++
          }
        })
        seen.ratios.add(tauMem! / tauSyn!)
        if (adaptStep! > 0) seen.adapted++
      }),
      { ...SETTINGS, numRuns },
    )
    expect(seen.decided).toBeGreaterThan(8 * numRuns)
    expect(seen.undecidable).toBeLessThan(seen.decided)
    expect(seen.adapted).toBeGreaterThan(numRuns / 8)
    expect([1, 2, 4].every((ratio) => seen.ratios.has(ratio))).toBe(true)
  })

  test('finds a crossing that an arrival comes next to nothing after, and none that it comes before', () => {
    const seen = { decided: 0, undecidable: 0, fired: 0, braked: 0 }
    fc.assert(
      fc.property(nearCrossing(arriving), between(1.001, 3), (near, factor) => {
        const weight = firingWeight(near)
        const time = weight === null ? null : firingTime(near, weight * factor)
        if (weight === null || time === null) return
        const further = BOTH_SIDES.map((distance) => [time * (1 + distance)])
        const sample = copiesOf(near, [weight * factor], { further })
        const twins = runTwins(sample, { options: { gradients: false } })
        const before = byNeuron(twins.reference.spikes, 1)
        counts(twins).forEach(({ found, expected }, trial) => {
          const spikes = before[trial]!.filter((at) => at < time).concat(time)
          const { bound } = attainableTimes(sample, BOTH_SIDES.length - 1)(0, spikes).at(-1)!
          if (Math.abs(time * BOTH_SIDES[trial]!) <= bound) seen.undecidable++
          else {
            expect(found, `arrival at ${time} (1 + ${BOTH_SIDES[trial]})`).toBe(expected)
            seen.decided++
            if (BOTH_SIDES[trial]! > 0) seen.fired++
            else seen.braked++
          }
        })
      }),
      SETTINGS,
    )
    expect(Math.min(seen.fired, seen.braked)).toBeGreaterThan(2 * SETTINGS.numRuns)
    expect(seen.undecidable).toBeLessThan(seen.decided)
  })

  // A current that is so much above the threshold lifts V by about its square.
  const small = fc.record({ lift: arbitraryScale(3e-6, 1), share: arbitraryScale(1e-3, 1) })

  test('finds a crossing that starts next to the threshold, with next to no slope', () => {
    const tally = newTally()
    let neurons = 0
    fc.assert(
      fc.property(nearCrossing(arriving), fc.infiniteStream(small), (near, steps) => {
        const weight = firingWeight(near)
        const peak = weight === null ? null : firingTime(near, weight)
        if (weight === null || peak === null) return
        // Where V comes nearest to the threshold the current is at it, too; then a little more arrives.
        const lifts = Array.from({ length: 15 }, () => steps.next().value)
        const weights = lifts.map(({ lift, share }) => weight * (1 - share * lift ** 2))
        const furtherWeights = lifts.map(({ lift }) => lift)
        const sample = copiesOf(near, weights, { further: [[peak]], furtherWeights })
        expectTwinSpikes(runTwins(sample, { options: { gradients: false } }), tally)
        neurons += 15
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 8, long: 25 }) },
    )
    expect(tally.spikes).toBeGreaterThan(neurons / 4)
  })

  test('finds what happens just before the end of a trial, and nothing at it', () => {
    let spikes = 0
    fc.assert(
      fc.property(nearCrossing(arriving), between(1.001, 3), fc.boolean(), (near, factor, isInside) => {
        const weight = firingWeight(near)
        const time = weight === null ? null : firingTime(near, weight * factor)
        if (weight === null || time === null) return
        const until = time * (isInside ? 1 + 1e-9 : 1 - 1e-9)
        const tally = newTally()
        expectTwinSpikes(
          runTwins(copiesOf(near, [weight * factor], { until }), { options: { gradients: false } }),
          tally,
        )
        spikes += tally.spikes
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 10, long: 30 }) },
    )
    expect(spikes).toBeGreaterThan(casesOf({ short: 3, long: 10 }))
  })
})

test.each<{ readonly kind: KernelKind; readonly arriving: Arriving }>([
  { kind: 'simd', arriving: 'shared' },
  { kind: 'simd', arriving: 'own' },
  { kind: 'reference', arriving: 'shared' },
])('the $kind kernel says which crossing has no slope, $arriving arrivals', ({ kind, arriving }) => {
  const seen = { sloped: 0, undefined: 0 }
  fc.assert(
    fc.property(nearCrossing(arriving), (near) => {
      const weight = firingWeight(near, kind)
      if (weight === null) return
      // The last of four neurons just meets its threshold, the others stay silent.
      const sample = copiesOf(near, [0, 0, 0, weight])
      const backward = (undefinedSlope: UndefinedSlope) => {
        const kernel = kernelOf(sample, kind)
        const input = {
          trains: sample.trains,
          options: optionsOf(sample, { undefinedSlope, stopAfterFirst: true }),
          peakGradients: null,
          delta: (spikes: SpikeTrains, k: number) => (spikes.times[k]! > near.second ? 1 : 0),
        }
        return { kernel, ...driveKernel(kernel, input, { horizons: [], batches: [], arrival: 'early' }) }
      }
      const { kernel, gradient, spikes } = backward('ignore')
      const time = spikes.times.at(-1)
      // Of a neuron that has fired before, the second arrival is too late.
      if (!(time! > near.second)) return
      expect(gradient.every(Number.isFinite)).toBe(true)
      expect(kernel.grazing).toBe(1)
      if (gradient[kernel.layout.threshold + 3] !== 0) {
        seen.sloped++
        expectSameBits(backward('refuse').gradient, gradient)
      } else {
        seen.undefined++
        const details = { group: 'x', unit: 3, time, slope: expect.toSatisfy((slope: number) => slope <= 0) }
        expect(() => backward('refuse')).toThrow(expect.objectContaining({ code: 'GRADIENT_UNDEFINED', details }))
      }
    }),
    { numRuns: 60, seed: 75, endOnFailure: true },
  )
  expect(Math.min(seen.sloped, seen.undefined)).toBeGreaterThan(0)
})
