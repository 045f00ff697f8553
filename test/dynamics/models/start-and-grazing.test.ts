import { describe, expect, test } from 'vitest'
import { createFusedKernel } from '../../../src/dynamics/kernels/fused-kernel.js'
import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, fixedInDegree, perSynapse } from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { type LifParameters, lif } from '../../../src/network/models/lif.js'
import { forwardOptions, windowKernel } from '../../support/window-case.js'
import { batchOf, kernelFor, WHOLE } from '../kernels/kernel-for.js'

/** Rest and bias below a threshold that is not above 0, where every trial starts. */
const BELOW: LifParameters = { tauMem: 20, tauSyn: 5, threshold: -0.5, bias: -1, vReset: -2 }

const KERNELS: readonly (readonly [name: string, kind: KernelKind, sources: number, delays: boolean])[] = [
  ['reference', 'reference', 2, false],
  ['SIMD, shared arrivals', 'simd', 2, false],
  ['SIMD, few delays per synapse', 'simd', 2, true],
  ['SIMD, many delays per synapse', 'simd', 80, true],
]

function networkOf(parameters: LifParameters, sources: number, delays: boolean, weight = 0.01) {
  return defineNetwork({
    groups: { in: source(sources), x: lif(3, parameters) },
    projections: [connect('in', 'x', dense(weight), delays ? { delay: perSynapse(0) } : {})],
  })
}

describe('a neuron whose bias is below its threshold, but not its voltage at the start, fires at 0 and never again', () => {
  const inputs = [
    [],
    [
      { time: 0, unit: 0 },
      { time: 7, unit: 1 },
    ],
  ] as const
  const expectOnce = ({ times, units }: ReturnType<Kernel['advance']>) => {
    expect([...times]).toEqual([0, 0, 0, 0, 0, 0])
    expect([...units]).toEqual([0, 1, 2, 0, 1, 2])
  }

  test.each([0, -0.5])('threshold %s, on every kernel', (threshold) => {
    for (const [, kind, sources, delays] of KERNELS) {
      const kernel = kernelFor(networkOf({ ...BELOW, threshold }, sources, delays), 'x', kind)
      kernel.begin({ ...WHOLE, trials: 2 })
      kernel.receive(0, batchOf(inputs))
      expectOnce(kernel.advance(100, 100))
    }
  })

  test('on the window kernel', () => {
    const network = defineNetwork({
      groups: { in: source(2), x: lif(3, BELOW) },
      projections: [connect('in', 'x', fixedInDegree(4000, 1e-5, { multiple: true }))],
    })
    for (const until of [100, Infinity]) {
      const kernel = windowKernel(network, 'x')
      kernel.begin(forwardOptions(until, { trials: 2 }))
      kernel.receive(0, batchOf(inputs))
      expectOnce(kernel.advance(until, until))
    }
  })

  test('on groups that run event by event', () => {
    const network = defineNetwork({
      groups: { in: source(2), a: lif(3, BELOW), b: lif(3, BELOW) },
      projections: [connect('in', 'a', dense(0.01)), connect('a', 'b', dense(0.01)), connect('b', 'a', dense(0.01))],
    })
    const kernel = createFusedKernel(instantiate(network, 0), ['a', 'b'])
    kernel.begin(() => ({ ...WHOLE, trials: 2 }))
    kernel.receive(0, batchOf(inputs))
    for (const spikes of kernel.advance(100)) expectOnce(spikes)
  })
})

/**
 * The weight of a spike at 0 that lifts V to a threshold with a slope s / tauMem, tauMem = 2 tauSyn:
 *
 *     V = b (1 - u) + w (u - u²), u = e^{-t/tauMem}        max V = b + (w - b)² / 4w = threshold + h, s = 2 u sqrt(h w)
 */
function grazingWeight(threshold: number, bias: number, s: number): number {
  const weightOf = (h: number) => {
    const c = threshold + h - bias
    return bias + 2 * c + 2 * Math.sqrt(c * (c + bias))
  }
  const weight = weightOf(0)
  const u = (weight - bias) / (2 * weight)
  return weightOf((s / (2 * u)) ** 2 / weight)
}

describe('a crossing grazes if its slope is below a thousandth of threshold / tauMem, whatever the bias', () => {
  test.each([
    { threshold: 1, bias: -99, s: 1e-2, grazing: 0 },
    { threshold: 1, bias: -99, s: 5e-4, grazing: 1 },
    { threshold: 101, bias: 100, s: 1e-2, grazing: 1 },
    { threshold: 101, bias: 100, s: 2e-1, grazing: 0 },
  ])('threshold $threshold, bias $bias, slope $s / tauMem', ({ threshold, bias, s, grazing }) => {
    for (const [name, kind, sources, delays] of KERNELS) {
      const weight = grazingWeight(threshold, bias, s)
      const parameters = { tauMem: 20, tauSyn: 10, threshold, bias }
      const kernel = kernelFor(networkOf(parameters, sources, delays, weight), 'x', kind)
      kernel.begin({ ...WHOLE, stopAfterFirst: true })
      kernel.receive(0, batchOf([[{ time: 0, unit: 0 }]]))
      const { times } = kernel.advance(100, 100)
      expect(times.length, name).toBe(3)
      kernel.beginBackward(null)
      kernel.backward(Float64Array.of(1, 1, 1))
      // dt/dtheta = 1 / slope: it grazes as much as was meant.
      const { threshold: at } = kernel.layout
      expect(Math.abs(kernel.finishGradient()[at]! * (s / 20) - 1), name).toBeLessThan(0.15)
      expect(kernel.grazing, name).toBe(3 * grazing)
    }
  })
})
