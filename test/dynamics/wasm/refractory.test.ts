import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KernelKind } from '../../../src/dynamics/kernel-kind.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/define-network.js'
import { lif, source } from '../../../src/network/groups.js'
import type { LifValues } from '../../../src/network/instance.js'
import { instantiate } from '../../../src/network/instantiate.js'
import { connect, dense } from '../../../src/network/projections.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { trainsOf } from '../../learning/trains.js'
import { between } from '../../support/arbitraries.js'
import { casesOf } from '../../support/cases-of.js'
import { cutPicks, cutsAt, instantsOf } from '../../support/cut-instants.js'
import { cutTrains, driveKernel } from '../../support/drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from '../../support/kernel-case.js'
import { refractoryEnds } from '../../support/refractory-ends.js'
import { expectSameBits } from '../../support/same-bits.js'
import { simdCase } from '../../support/simd-case.js'

const AT_ONCE = { horizons: [], batches: [], arrival: 'early' } as const

const network = defineNetwork({
  groups: { in: source(2), x: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 3, adaptStep: 0.1 }) },
  projections: [connect('in', 'x', dense([[30, 8]]))],
})

/** Unit 0 makes the neuron fire, unit 1 spikes whenever it is told to. */
function caseWith(...times: readonly number[]): KernelCase {
  const trains = [trainsOf([[{ time: 1, unit: 0 }, ...times.map((time) => ({ time, unit: 1 }))]])]
  return { instance: instantiate(network, 0), trains, trials: 1, from: 0, until: 40 }
}

describe.each<KernelKind>(['simd', 'reference'])('the end of a refractory period on the %s kernel', (kind) => {
  const run = (sample: KernelCase, horizons: readonly number[] = []) => {
    const options = optionsOf(sample, { tauGradient: true, whole: horizons.length === 0 })
    const input = { trains: sample.trains, options, peakGradients: null, delta: (_: SpikeTrains, k: number) => k }
    return driveKernel(kernelOf(sample, kind), input, { ...AT_ONCE, horizons })
  }
  const spike = run(caseWith()).spikes.times[0]!
  const end = spike + 3

  test.each([0, 1])('comes before what arrives at that time, after %d arrivals inside', (inside) => {
    const earlier = [spike + 1.5].slice(0, inside)
    const [before, at, after] = [nextDown(end), end, nextUp(end)].map((time) => run(caseWith(...earlier, time)))
    expect(at!.spikes.times[0]).toBe(spike)
    expect(at!.spikes.times.length).toBeGreaterThan(1)
    const distance = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, k) => Math.abs(value - b[k]!)))
    // An arrival before it has V rise faster as the period ends.
    expect(distance(at!.gradient, after!.gradient)).toBeLessThan(1e-9)
    expect(distance(at!.gradient, before!.gradient)).toBeGreaterThan(1e-3)
  })

  test.each([
    ['at it', [end]],
    ['just before it', [nextDown(end)]],
    ['just after it', [nextUp(end)]],
    ['on both sides', [nextDown(end), nextUp(end)]],
    ['again and again', [spike, nextUp(spike), spike + 1, spike + 2, end, nextUp(end)]],
  ])('is not moved by windows that end %s', (_, horizons) => {
    for (const arrivals of [[], [end], [spike + 1.5, end], [nextUp(end)]]) {
      const sample = caseWith(...arrivals)
      expectSameBits(run(sample, horizons), run(sample))
    }
  })

  test('is the next event of a neuron that waits for it, and none of one that has stopped', () => {
    const sample = caseWith()
    const nextAfter = (time: number, stopAfterFirst: boolean) => {
      const kernel = kernelOf(sample, kind)
      kernel.begin(optionsOf(sample, { whole: false, stopAfterFirst }))
      kernel.receive(0, cutTrains(sample.trains[0]!, [], sample.until)[0]!)
      kernel.advance(time, time)
      return kernel.nextEvent()
    }
    expect(nextAfter(nextUp(spike), false)).toBe(end)
    expect(nextAfter(end, false)).toBe(end)
    expect(nextAfter(nextUp(end), false)).toBe(run(sample).spikes.times[1])
    expect(nextAfter(nextUp(spike), true)).toBe(Number.POSITIVE_INFINITY)
  })
})

const SETTINGS = { numRuns: casesOf({ short: 40, long: 200 }), seed: 19, endOnFailure: true }

test('where neurons stand depends on no window, and those that are held stand at vReset', () => {
  let held = 0
  fc.assert(
    fc.property(simdCase('lif', 'shared'), cutPicks, between(0, 1), (sample, picks, place) => {
      const { spikes } = driveKernel(
        kernelOf(sample, 'simd'),
        { trains: sample.trains, options: optionsOf(sample, { gradients: false }), peakGradients: null },
        AT_ONCE,
      )
      if (spikes.times.length === 0) return
      const last = nextUp(spikes.times[Math.floor(place * (spikes.times.length - 1))]!)
      const stops = cutsAt(picks, instantsOf(sample, spikes), sample).filter((stop) => stop < last)
      const stateAfter = (horizons: readonly number[]) => {
        const kernel = kernelOf(sample, 'simd')
        kernel.begin(optionsOf(sample, { gradients: false, whole: false, segmented: true }))
        for (const [input, train] of sample.trains.entries())
          kernel.receive(input, cutTrains(train, [], sample.until)[0]!)
        for (const horizon of horizons) kernel.advance(horizon, horizon)
        return kernel.saveState()
      }
      const state = stateAfter([...stops, last])
      expectSameBits(state, stateAfter([last]))
      const { heldUntil, aboveBias } = state.columns
      const { vReset, bias, size } = sample.instance.groups[1] as LifValues
      const ends = new Set(refractoryEnds({ ...sample, until: Number.POSITIVE_INFINITY }, spikes))
      heldUntil!.forEach((end, at) => {
        if (end === 0) return
        expect(end >= last && ends.has(end)).toBe(true)
        expect(aboveBias![at]).toBe(vReset[at % size]! - bias[at % size]!)
        held++
      })
    }),
    SETTINGS,
  )
  expect(held).toBeGreaterThan(SETTINGS.numRuns)
})
