import { expect, test } from 'vitest'
import { createKernelNoise } from '../../../../src/actors/partition/noise/kernel-noise.js'
import { kernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { vectorGradient } from '../../../../src/dynamics/kernels/kernel-parameters.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'

const network = defineNetwork({
  groups: { in: source(4), a: lif(8, { tauMem: 20, tauSyn: 5, threshold: 1, vReset: 0.2 }) },
  projections: [
    connect('in', 'a', dense(0.01), { delay: perSynapse(0.5), sign: 'excitatory' }),
    connect('a', 'a', dense(-0.01), { delay: perSynapse(0.2), sign: 'inhibitory' }),
    connect('a', 'a', dense(0.01), { delay: perSynapse(0.05), name: 'short' }),
  ],
})
const WILD = { relative: 0.1, absolute: 3 }
const NOISE = {
  device: { seed: 1, weightMismatch: WILD, thresholdMismatch: WILD, delayMismatch: WILD },
  dropout: null,
  draw: 0,
  firstTrial: 0,
}

test('perturbed parameters keep the limits of the network, which gradients do not see', () => {
  const kernel = kernelOfGroup(instantiate(network, 1), 'a')
  const exact = kernel.parameters.slice()
  const noise = createKernelNoise(kernel, network, new Set(['a->a', 'short']))
  noise.apply(NOISE)
  const { layout, synapses, parameters } = kernel
  const slopes = new Float64Array(layout.length).fill(1)
  noise.correct(vectorGradient(slopes))
  const part = (from: number, count: number) =>
    [parameters.slice(from, from + count), slopes.slice(from, from + count)] as const
  const limits: readonly [readonly [Float64Array, Float64Array], number, 'least' | 'most'][] = [
    [part(layout.weights + synapses.afferents[0]!.base, 32), 0, 'least'],
    [part(layout.weights + synapses.afferents[1]!.base, 64), 0, 'most'],
    [part(layout.delays + synapses.afferents[0]!.delayBase, 32), 0, 'least'],
    [part(layout.delays + synapses.afferents[1]!.delayBase, 64), 0.1, 'least'],
    [part(layout.delays + synapses.afferents[2]!.delayBase, 64), 0.05, 'least'],
    [part(layout.threshold, 8), 0.201, 'least'],
  ]
  for (const [[values, factors], limit, end] of limits) {
    expect(end === 'least' ? Math.min(...values) : Math.max(...values)).toBe(limit)
    expect(new Set(values).size).toBeGreaterThan(2)
    values.forEach((value, k) => {
      if (value === limit) expect(factors[k]).toBe(1)
      else expect(factors[k]).not.toBe(1)
    })
  }
  noise.release()
  expect(kernel.parameters).toEqual(exact)
  const untouched = Float64Array.of(2)
  noise.correct(vectorGradient(untouched))
  expect(untouched).toEqual(Float64Array.of(2))
})
