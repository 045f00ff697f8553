import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFusedKernel } from '../../src/dynamics/fused-kernel.js'
import type { KernelKind } from '../../src/dynamics/kernel-kind.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { lif, source } from '../../src/network/groups.js'
import { normal, uniform } from '../../src/network/initializers.js'
import { instantiate } from '../../src/network/instantiate.js'
import { connect, dense, perSource, perSynapse } from '../../src/network/projections.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'
import { driveComponent } from '../support/drive-component.js'
import type { Cutting } from '../support/drive-kernel.js'
import { anyCutting, type LargeKernelCase, largeKernelCase, slicesOf } from '../support/large-kernel-case.js'
import { expectSameBits } from '../support/same-bits.js'
import { deltaOfSpike, driveSlices, type GroupResult, type SlicedRun } from '../support/sliced-kernel.js'

const SETTINGS = { numRuns: casesOf({ short: 12, long: 50 }), seed: 61, endOnFailure: true }
const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 2 }
const AT_ONCE: Cutting = { horizons: [], batches: [], arrival: 'early' }

/** One per slice, or null: whole trials. */
const ways = fc.option(fc.array(anyCutting(24), { minLength: 4, maxLength: 4 }), { freq: 2 })

/** The same run in one piece, and in the slices of the sample, each cut into windows in its own way. */
function inPiecesAndWhole(
  sample: LargeKernelCase,
  cuttings: readonly Cutting[] | null,
  peakGradient: SlicedRun['peakGradient'],
  options: Partial<KernelOptions> = {},
  kernel: KernelKind = 'reference',
): { readonly whole: GroupResult; readonly pieces: GroupResult } {
  const { network, seed, trains, trials, until, size, sources, targetSlices, sourceSlices } = sample
  const base: Omit<KernelOptions, 'whole'> = {
    ...{ trials, until, gradients: true, tauGradient: true, stopAfterFirst: false, trackSilent: false },
    ...{ beat: () => undefined, ...options, undefinedSlope: 'ignore' },
  }
  const run = { network, seed, trains, group: 'x', peakGradient, kernel }
  const one = (end: number) => [{ start: 0, end }]
  const whole = driveSlices({
    ...run,
    ...{ targetSlices: one(size), sourceSlices: one(sources), cuttings: [AT_ONCE], options: { ...base, whole: true } },
  })
  const pieces = driveSlices({
    ...run,
    ...{ targetSlices, sourceSlices, cuttings: cuttings ?? targetSlices.map(() => AT_ONCE) },
    options: { ...base, whole: cuttings === null },
  })
  return { whole, pieces }
}

const nonZero = (values: Float64Array) => values.some((value) => value !== 0)

describe('slicing changes no bit', () => {
  test('of LIF groups, forward and backward', () => {
    let [spikes, cut, answered, shared, taus] = [0, 0, 0, 0, 0]
    fc.assert(
      fc.property(largeKernelCase('lif'), ways, (sample, cuttings) => {
        const { whole, pieces } = inPiecesAndWhole(sample, cuttings, null)
        expectSameBits(pieces, whole)
        spikes += whole.spikes.times.length
        cut += sample.targetSlices.length * sample.sourceSlices.length - 1
        answered += whole.answers.filter(nonZero).length
        taus += whole.taus.filter(nonZero).length
        shared += whole.delays.filter((values, p) => values.length < whole.weights[p]!.length && nonZero(values)).length
      }),
      SETTINGS,
    )
    expect(spikes).toBeGreaterThan(50 * SETTINGS.numRuns)
    expect(cut).toBeGreaterThan(SETTINGS.numRuns)
    expect(answered).toBeGreaterThan(2 * SETTINGS.numRuns)
    expect(shared).toBeGreaterThan(SETTINGS.numRuns / 2)
    expect(taus).toBeGreaterThan(2 * SETTINGS.numRuns)
  })

  test('of silent neurons under a hinge', () => {
    fc.assert(
      fc.property(largeKernelCase('lif'), ways, (sample, cuttings) => {
        const silent = (trial: number, n: number) => ((trial + n) % 5 === 0 ? -0.5 : 0)
        const options = { trackSilent: true, stopAfterFirst: true }
        const { whole, pieces } = inPiecesAndWhole(sample, cuttings, silent, options)
        expectSameBits(pieces, whole)
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 5, long: 10 }) },
    )
  })

  test('of LI readouts and their maxima', () => {
    let answered = 0
    fc.assert(
      fc.property(largeKernelCase('li'), ways, (sample, cuttings) => {
        const { whole, pieces } = inPiecesAndWhole(sample, cuttings, (trial, n) => ((trial * 31 + n * 17) % 13) / 6 - 1)
        expectSameBits(pieces, whole)
        answered += whole.answers.filter(nonZero).length
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 7, long: 15 }) },
    )
    expect(answered).toBeGreaterThan(casesOf({ short: 7, long: 15 }))
  })

  test.each(['lif', 'li'] as const)('of %s groups on the SIMD kernel', (kind) => {
    let [spikes, cut, answered, shared, taus] = [0, 0, 0, 0, 0]
    const peakGradient = kind === 'li' ? (trial: number, n: number) => ((trial * 31 + n * 17) % 13) / 6 - 1 : null
    fc.assert(
      fc.property(largeKernelCase(kind, 'dense'), fc.boolean(), (sample, stopAfterFirst) => {
        const { whole, pieces } = inPiecesAndWhole(sample, null, peakGradient, { stopAfterFirst }, 'simd')
        expectSameBits(pieces, whole)
        spikes += whole.spikes.times.length
        cut += sample.targetSlices.length * sample.sourceSlices.length - 1
        answered += whole.answers.filter(nonZero).length
        taus += whole.taus.filter(nonZero).length
        shared += whole.delays.filter((values, p) => values.length < whole.weights[p]!.length && nonZero(values)).length
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 10, long: 30 }) },
    )
    if (kind === 'lif') expect(spikes).toBeGreaterThan(casesOf({ short: 500, long: 1500 }))
    expect(cut).toBeGreaterThan(casesOf({ short: 10, long: 30 }))
    expect(answered).toBeGreaterThan(casesOf({ short: 10, long: 30 }))
    expect(shared).toBeGreaterThan(casesOf({ short: 5, long: 15 }))
    expect(taus).toBeGreaterThan(casesOf({ short: 10, long: 30 }))
  })

  test('of groups that run event by event, when what they receive is cut', () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 40 }).map((k) => k / 2),
      between(0, 20),
    )
    const input = fc.array(fc.array(fc.record({ time, unit: fc.nat(69) }), { minLength: 8, maxLength: 20 }), {
      minLength: 1,
      maxLength: 3,
    })
    const delay = fc.constantFrom(1, perSource(uniform(0, 3)), perSynapse(uniform(0, 3)))
    let spikes = 0
    fc.assert(
      fc.property(input, delay, fc.nat(), slicesOf(70), anyCutting(24), (trials, delayed, seed, slices, cutting) => {
        const groups = { in: source(70), a: lif(33, NEURON), b: lif(2, NEURON) }
        const network = defineNetwork({
          groups,
          projections: [
            connect('in', 'a', dense(normal(1.2, 0.8)), { delay: delayed }),
            connect('a', 'b', dense(normal(0.2, 0.2))),
            connect('in', 'b', dense(uniform(0, 2))),
            connect('b', 'a', dense(uniform(-0.2, 0.1))),
          ],
        })
        const instance = instantiate(network, seed)
        const run = {
          ...{ trials: trials.length, until: 24, outside: { in: trainsOf(trials) } },
          explicit: (_: string, trains: SpikeTrains) => trains.times.map((_time, k) => deltaOfSpike(trains, k)),
        }
        const whole = driveComponent(createFusedKernel(instance, ['a', 'b']), { ...run, horizons: [], cuts: [] })
        const sourceSlices = (group: string) => (group === 'in' ? slices : [{ start: 0, end: group === 'a' ? 33 : 2 }])
        const component = createFusedKernel(instance, ['a', 'b'], sourceSlices)
        expect(component.inputs.length).toBe(2 * slices.length)
        const {
          horizons,
          batches: [cuts = []],
        } = cutting
        expectSameBits(driveComponent(component, { ...run, horizons, cuts, sourceSlices }), whole)
        spikes += whole.spikes.a!.times.length
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 7, long: 15 }) },
    )
    expect(spikes).toBeGreaterThan(casesOf({ short: 140, long: 300 }))
  })

  test('of runs without a backward pass', () => {
    fc.assert(
      fc.property(largeKernelCase('lif'), ways, (sample, cuttings) => {
        const { whole, pieces } = inPiecesAndWhole(sample, cuttings, null, { gradients: false })
        expectSameBits(pieces, whole)
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 5, long: 10 }) },
    )
  })
})
