import fc from 'fast-check'
import { expect } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { arbitraryScale, between } from '../../support/arbitraries.js'
import { type CuttingWay, cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { casesOf } from '../../support/cases-of.js'
import { AT_ONCE, type Cutting } from '../../support/drive-kernel.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { byNeuron } from '../../support/kernel-twins.js'
import { type Fate, movedLater } from '../../support/moved-later.js'
import { brakedCase, grazedCase, mayFire, quarterCase } from './edge-cases.js'
import type { KernelLaw } from './kernel-law.js'
import { can, checkCases, expectSeen, type KernelSubject, kernelFor, runCase } from './kernel-subject.js'

const FORWARD = { options: { gradients: false } } as const
/** Of a spike: the instants beside it. */
const BESIDE = [nextDown, (time: number) => time, nextUp] as const
const PLACES = [...BESIDE, (time: number) => time + 1e-9, (time: number) => time + 0.3]

/** Spike times of cases of one network by (trial, neuron), as they are run whole or in windows; one kernel does it all. */
function runsOf(subject: KernelSubject, first: DrawnKernelCase) {
  const kernel = kernelFor(subject, first)
  return (sample: DrawnKernelCase, cutting: Cutting = AT_ONCE, stopAfterFirst = false) => {
    const options = { gradients: false, whole: cutting === AT_ONCE, stopAfterFirst }
    return byNeuron(runCase(subject, sample, { cutting, options, kernel }).spikes, kernel.values.size)
  }
}

/**
 * Spikes before an instant are the same to the bit; those at it stay where they come before what is there: `isArrival`. More may
 * come at it, as what arrives there has V looked at once more.
 */
function expectSameBefore(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  instant: number,
  isArrival: boolean,
): number {
  let compared = 0
  expected.forEach((times, at) => {
    const own = found[at]!
    const before = times.filter((time) => time < instant)
    const same = own.filter((time) => time < instant)
    if (before.length !== same.length || before.some((time, k) => time !== same[k]))
      expect.fail(`train ${at}, before ${instant}: ${same.join()} and ${before.join()}`)
    if (isArrival && times.includes(instant) && !own.includes(instant))
      expect.fail(`train ${at}: no spike at ${instant}, where something arrives`)
    compared += before.length
  })
  return compared
}

/** In the windows of a way and one that ends at an instant. */
function cutAt(sample: DrawnKernelCase, way: CuttingWay, instant: number, spikes: SpikeTrains): Cutting {
  const cutting = cuttingOf(way, sample, { spikes } as Parameters<typeof cuttingOf>[2])
  const horizons = [...new Set([...cutting.horizons, instant])].filter((time) => time > 0 && time < sample.until)
  return { ...cutting, horizons: horizons.toSorted((a, b) => a - b) }
}

const fates = fc.array(fc.constantFrom<Fate>('kept', 'lost', 'late', 'at once'), { minLength: 7, maxLength: 7 })

export const causalLaws: readonly KernelLaw[] = [
  {
    name: 'what arrives at an instant or later, if anything, changes no bit of what came before, nor does the end',
    kind: 'lif',
    needs: [],
    check(subject) {
      const also = fc.record({ place: between(0, 1), beside: fc.constantFrom(...PLACES), fates, way: cuttingWay })
      const tally = checkCases(subject, { kind: 'lif', also, short: 8, long: 42, seed: 31 }, (sample, drawn) => {
        const { spikes } = runCase(subject, sample, FORWARD)
        const { size } = sample.instance.groups.find(({ name }) => name === 'x')!
        const expected = byNeuron(spikes, size)
        const spikesOf = runsOf(subject, sample)
        const spike = spikes.times[Math.floor(drawn.place * (spikes.times.length - 1))] ?? 0
        const instant = drawn.beside(spike)
        if (spike === 0 || !(instant < sample.until)) return {}
        const later = movedLater(sample, instant, drawn.fates)
        let compared = expectSameBefore(spikesOf(later), expected, instant, true)
        compared += expectSameBefore(spikesOf({ ...sample, until: instant }), expected, instant, false)
        if (!can(subject, 'windows')) return { compared }
        for (const each of [sample, later]) {
          const found = spikesOf(each, cutAt(each, drawn.way, instant, spikes))
          expectSameBefore(found, expected, instant, true)
        }
        return { compared }
      })
      expectSeen(tally, { compared: 8 })
    },
  },
  {
    name: 'a spike comes before what arrives at its rounded time, and before an end one ulp later, and not at one',
    kind: 'lif',
    needs: [],
    check(subject) {
      const also = fc.record({
        tauSyn: fc.constantFrom(10, 5, 8, 20, 20 * (1 + 1e-9), 31),
        start: fc.constantFrom(1, 1_000_003.3),
        // Of 10^6 thresholds and more: V moves by a millionth of one in half an ulp of a late time.
        excitation: fc.oneof(between(7, 60), arbitraryScale(1e6, 1e7)),
        refractory: fc.constantFrom(0, 5),
        bias: fc.constantFrom(0, -0.4, 0.2),
        adaptStep: fc.constantFrom(0, 0.3),
      })
      let brakes = 0
      fc.assert(
        fc.property(also, (drawn) => {
          const plain = brakedCase(subject, drawn)
          const spikesOf = runsOf(subject, plain.sample)
          const firsts = spikesOf(plain.sample, AT_ONCE, true).map(([first]) => first)
          const sides = firsts.flatMap((first, n) =>
            first === undefined ? [] : BESIDE.map((beside, side) => ({ n, side, time: beside(first) })),
          )
          if (drawn.refractory > 0 && can(subject, 'windows')) {
            // Also where a window begins in a refractory period, and an arrival comes before the next spike.
            const cutting = { ...AT_ONCE, horizons: sides.slice(0, 1).map(({ time }) => time + 0.01) }
            expect(spikesOf(plain.sample, cutting)).toEqual(spikesOf(plain.sample))
          }
          const braked = plain.with(sides.map(({ time }) => time))
          // Each neuron meets what brakes it beside its first spike in trials of its own.
          const ways = can(subject, 'windows')
            ? [AT_ONCE, { ...AT_ONCE, horizons: [nextUp(drawn.start), drawn.start + 1e-7] }]
            : [AT_ONCE]
          for (const cutting of ways) {
            const found = spikesOf(braked, cutting)
            sides.forEach(({ n, side, time }, trial) => {
              const times = found[trial * firsts.length + n]!.filter((at) => at < time + 1)
              const words = `neuron ${n}, first at ${firsts[n]}, what brakes it at ${time}: ${times.join()}`
              // Where V stands at its threshold an ulp earlier it is seen there.
              if (side > 0 || times.length > 0) expect(times, words).toEqual([side > 0 ? firsts[n] : time])
              brakes++
            })
          }
          for (const { n, side, time } of sides.slice(3, 9)) {
            const [first] = spikesOf({ ...plain.sample, until: time }, AT_ONCE, true)[n]!
            expect(first).toBe(side === 2 ? firsts[n] : undefined)
          }
        }),
        { numRuns: casesOf({ short: 5, long: 21 }), seed: 32, endOnFailure: true },
      )
      expect(brakes).toBeGreaterThan(casesOf({ short: 60, long: 350 }))
    },
  },
  {
    name: 'where V just meets its threshold, from rest or back from 10^6 thresholds below, no next arrival and no window changes a bit',
    kind: 'lif',
    needs: [],
    ofEveryForm: true,
    check(subject) {
      const also = fc.record({
        size: fc.constantFrom(1e6, 1e6, 1e3, 1, 0),
        gap: between(0.05, 12),
        edge: fc.constantFrom(grazedCase, grazedCase, quarterCase),
        tauSyn: fc.constantFrom(10, 5, 8, 20, 20 * (1 + 1e-9), 31),
        start: fc.constantFrom(1, 1, 1_000_003.3),
        after: fc.array(fc.tuple(between(0, 1), fc.constantFrom(...PLACES)), { minLength: 6, maxLength: 6 }),
      })
      const seen = { fired: 0, silent: 0 }
      fc.assert(
        fc.property(also, ({ after, edge, ...drawn }) => {
          const grazed = edge(subject, drawn)
          const spikesOf = runsOf(subject, grazed.sample)
          const expected = spikesOf(grazed.sample)
          const times = expected.flat().toSorted((a, b) => a - b)
          seen.fired += expected.filter(({ length }) => length > 0).length
          seen.silent += expected.filter(({ length }, n) => mayFire(n) && length === 0).length
          if (times.length === 0) return
          for (const [place, beside] of after) {
            const instant = beside(times[Math.floor(place * (times.length - 1))]!)
            if (!(instant < grazed.sample.until)) continue
            const sample = grazed.with([instant])
            expectSameBefore(spikesOf(sample), expected, instant, true)
            expectSameBefore(spikesOf({ ...sample, until: instant }), expected, instant, false)
            if (!can(subject, 'windows')) continue
            const horizons = [drawn.start + drawn.gap / 2, nextUp(drawn.start + drawn.gap), instant]
            const cutting = { ...AT_ONCE, horizons: horizons.toSorted((a, b) => a - b) }
            expectSameBefore(spikesOf(sample, cutting), expected, instant, true)
            expect(spikesOf(grazed.sample, cutting)).toEqual(expected)
          }
        }),
        { numRuns: casesOf({ short: 6, long: 35 }), seed: 33, endOnFailure: true },
      )
      expect(Math.min(seen.fired, seen.silent)).toBeGreaterThan(casesOf({ short: 12, long: 70 }))
    },
  },
]
