import fc from 'fast-check'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { Network, Quantity } from '../../src/network/description/network.js'
import {
  type Connection,
  connect,
  fixedInDegree,
  perSource,
  perSynapse,
} from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

/** Neurons and input units of the networks drawn here. */
export const [SIZE, INPUTS] = [70, 50]

const neuron = fc.record({
  taus: fc.constantFrom([20, 0.5], [20, 5], [10, 8], [4, 9], [15, 0.7], [20, 19], [10, 10], [6, 6.001]),
  refractory: fc.constantFrom(0, 0.05, 2),
  bias: fc.constantFrom(0, -0.3, 0.9, 1.4),
  vReset: fc.constantFrom(0, -1, 0.5),
  threshold: fc.constantFrom<number | ReturnType<typeof uniform>>(1, uniform(0.8, 1.2)),
})

const projection = fc.record({
  weights: fc.constantFrom<number | ReturnType<typeof normal>>(0.6, -0.4, normal(0.3, 0.5), uniform(-1, 0)),
  delay: fc.constantFrom(undefined, 1.5, 0.3, perSource(uniform(0.2, 4)), perSynapse(uniform(0, 3)), perSynapse(2)),
})

/** Time constants of neurons that have some of their own, or two synaptic ones. */
export type CourseOfMany = { readonly tauMem: Quantity } & (
  | { readonly tauSyn: Quantity }
  | { readonly tauSynExc: Quantity; readonly tauSynInh: Quantity }
)

export interface WindowSample {
  readonly neuron: (typeof neuron extends fc.Arbitrary<infer T> ? T : never) & { readonly adaptStep?: Quantity }
  /** In place of `neuron.taus`. */
  readonly course?: CourseOfMany
  readonly projections: readonly (typeof projection extends fc.Arbitrary<infer T> ? T : never)[]
}

export const windowSample: fc.Arbitrary<WindowSample> = fc.record({
  neuron,
  projections: fc.array(projection, { minLength: 1, maxLength: 3 }),
})

/** Many synapses, so that the window kernel is chosen. */
export function networkOf(
  { neuron: { taus, ...numbers }, course, projections }: WindowSample,
  [from, to] = ['input', 'cells'],
  { loops = [], inDegrees = [150] }: { loops?: readonly Connection[]; inDegrees?: readonly number[] } = {},
): Network {
  const [tauMem, tauSyn] = taus as [number, number]
  const ways = projections.map(({ weights, delay }, p) => {
    const options = { name: `p${p}`, ...(delay === undefined ? {} : { delay }) }
    const scaled = typeof weights === 'number' ? (weights * 3) / Math.sqrt(tauSyn) : weights
    return connect(from!, to!, fixedInDegree(inDegrees[p] ?? inDegrees.at(-1)!, scaled, { multiple: true }), options)
  })
  return defineNetwork({
    groups: { [from!]: source(INPUTS), [to!]: lif(SIZE, { ...numbers, ...(course ?? { tauMem, tauSyn }) }) },
    projections: [...ways, ...loops],
  })
}
