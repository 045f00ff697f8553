import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GroupKernel } from '../../../../src/dynamics/kernels/reference/group-kernel.js'
import { SimdKernel } from '../../../../src/dynamics/kernels/simd/simd-kernel.js'
import { joinTrains } from '../../../../src/events/join-trains.js'
import { noSpikes } from '../../../../src/events/no-spikes.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { createRandomStream } from '../../../../src/numerics/random-stream.js'
import { trainsOf } from '../../../learning/trains.js'
import { between } from '../../../support/arbitraries.js'
import { casesOf } from '../../../support/cases-of.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { WHOLE } from '../kernel-for.js'
import {
  type DelayedCase,
  type DelayedResult,
  delayedCase,
  delayedKernel,
  runDelayed,
  runDelayedCase,
} from './delayed-case.js'

const SETTINGS = { numRuns: casesOf({ short: 16, long: 150 }), seed: 5, endOnFailure: true }

/** The largest difference, as a share of the largest value. */
function distance(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length)
  const most = (values: Float64Array) => values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const difference = most(a.map((value, k) => value - b[k]!))
  return difference === 0 ? 0 : difference / most(b)
}

/** The times of the spikes of a neuron in a trial before an instant. */
function timesOf({ offsets, times, units }: SpikeTrains, trial: number, neuron: number, before = Infinity) {
  const own = (time: number, k: number) => units[k] === neuron && k < offsets[trial + 1]! && time < before
  return times.filter((time, k) => k >= offsets[trial]! && own(time, k))
}

function ofTrial({ offsets, times, units }: SpikeTrains, trial: number, before = Infinity): SpikeTrains {
  const kept = Array.from(times.keys()).filter(
    (k) => k >= offsets[trial]! && k < offsets[trial + 1]! && times[k]! < before,
  )
  return {
    offsets: Uint32Array.of(0, kept.length),
    times: Float64Array.from(kept, (k) => times[k]!),
    units: Uint32Array.from(kept, (k) => units[k]!),
  }
}

/** More time than one scaled form covers. */
function isBeyondScale({ tauMem, tauSyn, tauSynInh, until }: DelayedCase): boolean {
  return until > 300 * Math.min(tauMem, tauSyn, tauSynInh)
}

const neuronsOf = ({ weights }: DelayedCase) => weights.map((_, n) => n)

/** What a neuron has of the gradient. */
function gradientOf({ gradient }: DelayedResult, { weights }: DelayedCase, n: number) {
  const [size, sources] = [weights.length, weights[0]!.length]
  const row = (from: number) => gradient.slice(from + n * sources, from + (n + 1) * sources)
  const rest = [0, 1, 2].map((part) => gradient[2 * size * sources + part * size + n])
  return { weights: row(0), delays: row(size * sources), rest }
}

describe('many synapses with delays of their own', () => {
  test('spikes and gradients are those of the reference kernel', () => {
    const seen = { spikes: 0, grazing: 0, compared: 0, split: 0 }
    fc.assert(
      fc.property(delayedCase, (sample) => {
        const [simd, reference] = [runDelayedCase(SimdKernel, sample), runDelayedCase(GroupKernel, sample)]
        expect(simd.spikes.units).toEqual(reference.spikes.units)
        expect(simd.spikes.offsets).toEqual(reference.spikes.offsets)
        expect(simd.grazing).toBe(reference.grazing)
        seen.spikes += simd.spikes.times.length
        if (simd.grazing > 0) {
          seen.grazing++
          return
        }
        seen.compared++
        expect(distance(simd.spikes.times, reference.spikes.times)).toBeLessThan(1e-11)
        expect(distance(simd.gradient, reference.gradient)).toBeLessThan(1e-9)
        expect(distance(simd.gradients, reference.gradients)).toBeLessThan(1e-9)
        expect(distance(simd.taus, reference.taus)).toBeLessThan(1e-9)
        expect(simd.taus.length).toBe(sample.tauSynInh === sample.tauSyn ? 3 : 4)
        if (sample.tauSynInh !== sample.tauSyn) seen.split += reference.spikes.times.length
      }),
      SETTINGS,
    )
    expect(seen.spikes).toBeGreaterThan(20 * SETTINGS.numRuns)
    expect(seen.grazing).toBeLessThan(seen.compared / 4)
    expect(seen.split).toBeGreaterThan(5 * SETTINGS.numRuns)
  })

  test('neurons that are worked on together leave no trace in each other', () => {
    fc.assert(
      fc.property(delayedCase, (sample) => {
        const order = neuronsOf(sample).reverse()
        const [weights, delays] = [sample.weights.toReversed(), sample.delays.toReversed()]
        const [here, there] = [
          runDelayedCase(SimdKernel, sample),
          runDelayedCase(SimdKernel, { ...sample, weights, delays }),
        ]
        order.forEach((n, place) => {
          for (let trial = 0; trial < sample.trials; trial++)
            expectSameBits(timesOf(here.spikes, trial, n), timesOf(there.spikes, trial, place))
        })
        const first = { ...sample, weights: sample.weights.slice(0, 1), delays: sample.delays.slice(0, 1) }
        expectSameBits(gradientOf(runDelayedCase(SimdKernel, first), first, 0), gradientOf(here, sample, 0))
      }),
      SETTINGS,
    )
  })

  test('nor do other trials, or what comes later', () => {
    let earlier = 0
    fc.assert(
      fc.property(delayedCase, between(0, 1), (sample, place) => {
        const whole = runDelayedCase(SimdKernel, sample).spikes
        for (let trial = 0; trial < sample.trials; trial++) {
          const alone = { ...sample, trials: 1, trains: ofTrial(sample.trains, trial) }
          const spikes = runDelayedCase(SimdKernel, alone).spikes
          expectSameBits(spikes, ofTrial(whole, trial))
          const end = spikes.times[Math.floor(place * spikes.times.length)] ?? place * sample.until + 1e-3
          if (end === 0) continue
          const cut = { ...alone, trains: ofTrial(alone.trains, 0, end) }
          expectSameBits(ofTrial(runDelayedCase(SimdKernel, cut).spikes, 0, end), ofTrial(spikes, 0, end))
          expectSameBits(runDelayedCase(SimdKernel, { ...alone, until: end }).spikes, ofTrial(spikes, 0, end))
          earlier += ofTrial(spikes, 0, end).times.length
        }
      }),
      SETTINGS,
    )
    expect(earlier).toBeGreaterThan(5 * SETTINGS.numRuns)
  })

  test('nor do time constants that the kernel had before', () => {
    let gradients = 0
    fc.assert(
      fc.property(delayedCase.filter(isBeyondScale), fc.constantFrom(0.25, 16), (sample, factor) => {
        const [tauMem, tauSyn, tauSynInh] = [sample.tauMem, sample.tauSyn, sample.tauSynInh].map((tau) => factor * tau)
        const before = { ...sample, tauMem: tauMem!, tauSyn: tauSyn!, tauSynInh: tauSynInh! }
        const [kernel, fresh] = [delayedKernel(SimdKernel, before), delayedKernel(SimdKernel, sample)]
        runDelayed(kernel, before)
        kernel.parameters.set(fresh.parameters)
        kernel.parametersChanged()
        const found = runDelayed(kernel, sample)
        expectSameBits(found, runDelayed(fresh, sample))
        gradients += found.gradient.filter((value) => value !== 0).length
      }),
      SETTINGS,
    )
    expect(gradients).toBeGreaterThan(100 * SETTINGS.numRuns)
  })

  test('a crossing is not missed between arrivals that together leave the neuron below its threshold', () => {
    let fired = 0
    const course = fc.record({
      weight: between(60, 160),
      rise: between(0.1, 0.28),
      start: between(0.5, 0.7),
      tauSynInh: fc.constantFrom(5, 10, 30),
    })
    fc.assert(
      fc.property(course, ({ weight, rise, start, tauSynInh }) => {
        const spikes = [0.2, start, start + rise].map((time, unit) => ({ time, unit }))
        const weights = [Array.from({ length: 70 }, (_, s) => [0.01, weight, -9 * weight][s] ?? 0.01)]
        const delays = [Array.from({ length: 70 }, () => 0)]
        const neuron = { tauMem: 20, tauSyn: 10, tauSynInh, adaptStep: 0, bias: 0, weights, delays }
        const sample = { ...neuron, trains: trainsOf([spikes]), trials: 1, until: 5 }
        const { times } = runDelayedCase(GroupKernel, sample).spikes
        expect(runDelayedCase(SimdKernel, sample).spikes.times.length).toBe(times.length)
        fired += times.length
      }),
      SETTINGS,
    )
    expect(fired).toBeGreaterThan(SETTINGS.numRuns / 4)
  })

  test('no window leaves a trace in a neuron one of whose delays is too long for the grid', () => {
    const [sources, until] = [80, 120]
    const random = createRandomStream(1, 'long')
    const rows = <Entry>(entry: (n: number, s: number, uniform: number) => Entry, from: number) =>
      Array.from({ length: 8 }, (_, n) =>
        Array.from({ length: sources }, (__, s) => entry(n, s, random.uniform(from + n * sources + s))),
      )
    const weights = rows((_, __, x) => 1.5 * (x - 0.3), 0)
    const delays = rows((n, s, x) => (n === 3 && s === 5 ? 150 : 2 * x), 1e4)
    const x = lif(8, { tauMem: 20, tauSyn: 5, threshold: 1 })
    const network = defineNetwork({
      groups: { in: source(sources), x },
      projections: [connect('in', 'x', dense(weights), { delay: perSynapse(delays) })],
    })
    const spike = (k: number) => ({ time: 100 * random.uniform(2e4 + k), unit: random.integer(3e4 + k, sources) })
    const trains = trainsOf([Array.from({ length: 200 }, (_, k) => spike(k))])
    const run = (horizons: readonly number[]) => {
      const { groups, projections } = instantiate(network, 0)
      const kernel = new SimdKernel(groups[1] as LifValues, projections)
      kernel.begin({ ...WHOLE, whole: horizons.length === 1, gradients: false, trials: 1, until })
      kernel.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: until }, ...trains })
      return joinTrains([noSpikes(1), ...horizons.map((end) => kernel.advance(end, end))]).trains
    }
    const whole = run([until])
    expect(whole.units.filter((unit) => unit === 3).length).toBeGreaterThan(5)
    expectSameBits(run([10.3, 20.7, 33.1, 50.2, 70, until]), whole)
  })
})
