import { describe, expect, test } from 'vitest'
import { kernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import { brainScaleS2Noise } from '../../../src/hardware/noise/brain-scale-s2-noise.js'
import { mismatchDraws } from '../../../src/hardware/noise/mismatch-draws.js'
import { createParameterNoise } from '../../../src/hardware/noise/parameter-noise.js'
import { silentProjections } from '../../../src/hardware/noise/silent-projections.js'
import type { DeviceNoise } from '../../../src/learning/noise/device-noise.js'
import type { RunNoise } from '../../../src/learning/noise/run-noise.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, fixedInDegree, perSource, perSynapse } from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const network = defineNetwork({
  groups: { in: source(50), a: lif(96, LIF) },
  projections: [
    connect('in', 'a', dense(normal(0.5, 0.2)), { delay: perSynapse(uniform(1, 5)) }),
    connect('in', 'a', fixedInDegree(7, 0.3, { multiple: true }), { delay: perSource(uniform(1, 2)) }),
    connect('in', 'a', dense(0.25), { delay: 2 }),
  ],
})
const EVERYTHING = { weights: true, delays: true, thresholds: true }
const whole = () => kernelOfGroup(instantiate(network, 1), 'a')
const sliceOf = (start: number, end: number) =>
  kernelOfGroup(instantiate(network, 1, [{ group: 'a', start, end }]), 'a')
const runOf = (device: DeviceNoise | null, rest: Partial<RunNoise> = {}): RunNoise => ({
  ...{ device, dropout: null, draw: 0, firstTrial: 0 },
  ...rest,
})

describe('mismatch', () => {
  test('is drawn alike for a group and for its slices', () => {
    const all = mismatchDraws(whole(), { seed: 5, name: 'fixed' }, EVERYTHING)
    const { layout, synapses } = whole()
    for (const [start, end] of [
      [0, 32],
      [32, 96],
    ] as const) {
      const slice = sliceOf(start, end)
      const draws = mismatchDraws(slice, { seed: 5, name: 'fixed' }, EVERYTHING)
      slice.synapses.afferents.forEach(({ base, count, delayBase, delayCount, delayShape }, p) => {
        const large = synapses.afferents[p]!
        const held = Array.from({ length: large.count }, (_, k) => k).filter((k) => {
          const target = synapses.targets[large.base + k]!
          return target >= start && target < end
        })
        expect(held).toHaveLength(count)
        held.forEach((k, s) => {
          expect(draws[slice.layout.weights + base + s]).toBe(all[layout.weights + large.base + k])
          if (delayShape === 'perSynapse')
            expect(draws[slice.layout.delays + delayBase + s]).toBe(all[layout.delays + large.delayBase + k])
        })
        if (delayShape !== 'perSynapse')
          for (let k = 0; k < delayCount; k++)
            expect(draws[slice.layout.delays + delayBase + k]).toBe(all[layout.delays + large.delayBase + k])
      })
      for (let n = start; n < end; n++)
        expect(draws[slice.layout.threshold + n - start]).toBe(all[layout.threshold + n])
    }
  })

  test('is standard normal, and different for every parameter', () => {
    const draws = mismatchDraws(whole(), { seed: 5, name: 'fixed' }, EVERYTHING).filter((draw) => draw !== 0)
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length
    expect(new Set(draws).size).toBe(draws.length)
    expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(draws.length))
    expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / draws.length))
  })

  test('of a device stays, or is drawn anew with every draw', () => {
    const kernel = whole()
    const noise = createParameterNoise(kernel, network)
    const at = (device: DeviceNoise, draw: number) => noise.perturb(runOf(device, { draw }))?.values
    const fixed: DeviceNoise = { seed: 1, weightMismatch: 0.1 }
    const redrawn: DeviceNoise = { ...fixed, mismatch: 'redrawn' }
    expect(at(fixed, 0)).toEqual(at(fixed, 1))
    expect(at(redrawn, 0)).not.toEqual(at(redrawn, 1))
    expect(at(redrawn, 1)).toEqual(at(redrawn, 1))
    expect(at({ ...fixed, seed: 2 }, 0)).not.toEqual(at(fixed, 0))
  })

  test('is a share of the number, or an amount, with the slope of either', () => {
    const kernel = whole()
    const { layout, parameters } = kernel
    const noise = createParameterNoise(kernel, network)
    const draws = mismatchDraws(kernel, { seed: 3, name: 'fixed' }, { ...EVERYTHING, delays: false })
    const found = noise.perturb(runOf({ seed: 3, weightMismatch: 0.5, thresholdMismatch: { absolute: 0.1 } }))!
    for (let k = layout.weights; k < layout.delays; k++) {
      const factor = Math.max(0, 1 + 0.5 * draws[k]!)
      expect(found.values[k]).toBe(parameters[k]! * factor)
      expect(found.factors?.[k]).toBe(factor)
    }
    expect(found.values.subarray(layout.delays, layout.bias)).toEqual(parameters.subarray(layout.delays, layout.bias))
    for (let n = 0; n < 96; n++) {
      expect(found.values[layout.threshold + n]).toBe(1 + 0.1 * draws[layout.threshold + n]!)
      expect(found.factors?.[layout.threshold + n]).toBe(1)
    }
    // Variates below -2 would turn the sign.
    expect(found.factors?.subarray(layout.weights, layout.delays).includes(0)).toBe(true)
  })

  test('leaves the exact numbers alone, and says when there is nothing to do', () => {
    const kernel = whole()
    const before = kernel.parameters.slice()
    const noise = createParameterNoise(kernel, network)
    noise.perturb(runOf({ seed: 1, weightMismatch: 0.1, weightBits: 4, delayStep: 0.5 }))
    expect(kernel.parameters).toEqual(before)
    expect(noise.perturb(runOf({ seed: 1, jitter: 1 }))).toBeNull()
    expect(noise.perturb(runOf(null, { dropout: { seed: 0, rates: { in: 0.5 } } }))).toBeNull()
  })
})

describe('devices', () => {
  test('round weights to levels of the range of each projection, and delays to steps', () => {
    const kernel = whole()
    const { layout, synapses } = kernel
    const { values, factors } = createParameterNoise(kernel, network).perturb(
      runOf({ seed: 0, weightBits: 4, weightRange: { 'in->a': 0.7 }, delayStep: 0.5, delayMax: 4 }),
    )!
    expect(factors).toBeNull()
    const distinct = (from: number, count: number) => new Set(values.subarray(from, from + count))
    const [first, second] = synapses.afferents
    const multiples = [...distinct(layout.weights + first!.base, first!.count)].map((weight) => weight / 0.1)
    for (const multiple of multiples) expect(multiple).toBeCloseTo(Math.round(multiple), 9)
    expect(Math.max(...multiples)).toBeCloseTo(7, 9)
    expect(distinct(layout.weights + second!.base, second!.count).size).toBe(1)
    const delays = distinct(layout.delays + first!.delayBase, first!.delayCount)
    expect([...delays].toSorted()).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4])
  })

  test('round thresholds to levels of their range, and raise delays to the shortest', () => {
    const kernel = whole()
    const { layout, synapses } = kernel
    const found = (device: Omit<DeviceNoise, 'seed'>) =>
      createParameterNoise(kernel, network).perturb(runOf({ seed: 0, ...device }))!
    const { values, factors } = found({ thresholdBits: 3, thresholdRange: { a: 1.8 }, delayStep: 1, delayMin: 2 })
    expect(factors).toBeNull()
    expect(values[layout.threshold]).toBeCloseTo(1.2, 12)
    // The range of the description is a level.
    expect(found({ thresholdBits: 3 }).values[layout.threshold]).toBe(1)
    const { delayBase, delayCount } = synapses.afferents[1]!
    expect(new Set(values.subarray(layout.delays + delayBase, layout.delays + delayBase + delayCount))).toEqual(
      new Set([2]),
    )
  })

  test('have so many different weights, whatever bits they have', () => {
    const kernel = whole()
    const { layout, synapses } = kernel
    const { base, count } = synapses.afferents[0]!
    const range = { 'in->a': 0.6 }
    const distinct = (device: Omit<DeviceNoise, 'seed'>) => {
      const { values } = createParameterNoise(kernel, network).perturb(
        runOf({ seed: 0, weightRange: range, ...device }),
      )!
      return new Set(values.subarray(layout.weights + base, layout.weights + base + count).map((w) => w + 0))
    }
    const seven = distinct({ weightLevels: 7, weightBits: 8 })
    expect([...seven].every((weight) => Math.abs(weight / 0.2 - Math.round(weight / 0.2)) < 1e-9)).toBe(true)
    expect(distinct({ weightLevels: 8 })).toEqual(seven)
    expect(distinct({ weightBits: 3 })).toEqual(seven)
  })

  test('may have no weight but 0 for a projection', () => {
    const keys = network.projections.map(({ key }) => key)
    const ranges = Object.fromEntries(keys.map((key, k) => [key, [0.5, 1, 0.25][k] as number]))
    expect(silentProjections(network, { weightBits: 2, weightRange: ranges }, 1)).toEqual([keys[1]])
    expect(silentProjections(network, { jitter: 1 }, 1)).toEqual([])
  })

  test('count weights out of a dropped group more if asked to', () => {
    const kernel = whole()
    const { values, factors } = createParameterNoise(kernel, network).perturb(
      runOf(null, { dropout: { seed: 0, rates: { in: 0.2 }, scale: 'inverted' } }),
    )!
    const weights = kernel.layout.delays
    expect(values.subarray(0, weights)).toEqual(kernel.parameters.subarray(0, weights).map((weight) => weight * 1.25))
    expect(values.subarray(weights)).toEqual(kernel.parameters.subarray(weights))
    expect(factors?.subarray(0, weights).every((factor) => factor === 1.25)).toBe(true)
  })

  test('like BrainScaleS-2 have the published noise, in the units of the network', () => {
    expect(brainScaleS2Noise({ seed: 4, tauSyn: 5 })).toEqual({ seed: 4, jitter: 0.05, thresholdMismatch: 0.08 })
    expect(brainScaleS2Noise({ tauSyn: 10, thresholdMismatch: 0.04 })).toMatchObject({ seed: 0, jitter: 0.1 })
  })
})
