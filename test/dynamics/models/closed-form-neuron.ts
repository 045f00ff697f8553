import { expect } from 'vitest'
import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../../src/network/models/lif.js'
import { batchOf } from '../kernels/kernel-for.js'

/** tauMem = 2 tauSyn: V = w (u - u²) with u = e^{-t / 20}. */
export const PARAMETERS: LifParameters = { tauMem: 20, tauSyn: 10, threshold: 1 }

/** One neuron at the end of one synapse with a delay of 2 ms. */
export function neuron(parameters: Partial<LifParameters> = {}, weight = 8) {
  return defineNetwork({
    groups: { in: source(1), x: lif(1, { ...PARAMETERS, ...parameters } as LifParameters) },
    projections: [connect('in', 'x', dense(weight), { delay: perSynapse(2) })],
  })
}

/** u at the first crossing of threshold 1 by a spike of a weight. */
export const uAt = (weight: number) => (1 + Math.sqrt(1 - 4 / weight)) / 2

/** A kernel of `neuron()` that has begun a trial in which it fires once: the spike and all gradients of its time. */
export function expectClosedForm(kernel: Kernel): void {
  kernel.receive(0, batchOf([[{ time: 3, unit: 0 }]]))
  const { times, units, offsets } = kernel.advance(100, 100)
  const u = uAt(8)
  expect(Array.from(times)).toEqual([expect.closeTo(5 - 20 * Math.log(u), 13)])
  expect([...units, ...offsets]).toEqual([0, 0, 1])

  kernel.beginBackward(null)
  kernel.backward(Float64Array.of(1))
  const gradient = kernel.finishGradient()
  const { weights, delays, threshold, adaptStep, bias } = kernel.layout
  const slope = (8 * (1 - 2 * u) * -u) / 20
  expect(gradient[weights]).toBeCloseTo(-(u - u * u) / slope, 13)
  expect(gradient[delays]).toBeCloseTo(1, 13)
  expect(gradient[threshold]).toBeCloseTo(1 / slope, 13)
  // The bias has been at work since t = 0.
  expect(gradient[bias]).toBeCloseTo(-(1 - Math.exp(-times[0]! / 20)) / slope, 13)
  expect(gradient[adaptStep]).toBe(0)
  const [gradients] = kernel.takeReturned()
  expect(gradients?.values[0]).toBeCloseTo(1, 13)
  expect(kernel.grazing).toBe(0)
}
