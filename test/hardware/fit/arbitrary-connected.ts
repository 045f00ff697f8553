import fc from 'fast-check'
import { ruleSynapses } from '../../../src/network/connectivity/rule-synapses.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import {
  type Connection,
  connect,
  dense,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  oneToOne,
  synapses,
} from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const SIZES = [1, 20, 32, 33, 70]

/** Networks of up to three groups, joined in every way there is, the same pair more than once. */
export const connectedNetwork: fc.Arbitrary<Network> = fc
  .array(fc.constantFrom(...SIZES), { minLength: 1, maxLength: 3 })
  .chain((sizes) => {
    const all = [{ name: 'in', size: 40 }, ...sizes.map((size, k) => ({ name: `g${k}`, size }))]
    const ends = fc.record({ from: fc.constantFrom(...all), to: fc.constantFrom(...all.slice(1)) })
    const connections = fc.array(
      ends.chain(({ from, to }) =>
        pattern(from.size, to.size).map((what) => connect(from.name, to.name, what as never)),
      ),
      { minLength: 1, maxLength: 5 },
    )
    return connections.map((projections: readonly Connection[]) => {
      const neurons = all.slice(1).map(({ name, size }) => [name, lif(size, { tauMem: 20, tauSyn: 5, threshold: 1 })])
      const groups: Record<string, GroupSpec> = { in: source(40), ...Object.fromEntries(neurons) }
      return defineNetwork<Record<string, GroupSpec>>({ groups, projections })
    })
  })

function pattern(sources: number, targets: number): fc.Arbitrary<unknown> {
  const pair = fc.record({ source: fc.nat(sources - 1), target: fc.nat(targets - 1), weight: fc.constant(1) })
  const row = fc.array(fc.constantFrom<number | null>(null, null, 1), { minLength: sources, maxLength: sources })
  const degree = fc.constantFrom(1, 3)
  return fc.oneof(
    fc.constant(dense(1)),
    fc.array(row, { minLength: targets, maxLength: targets }).map((matrix) => dense(matrix as never)),
    fc.array(pair, { maxLength: 40 }).map(synapses),
    degree.map((many) => fixedInDegree(many, 1, { multiple: true, selfConnections: true })),
    degree.map((many) => fixedOutDegree(many, 1, { multiple: true, selfConnections: true })),
    fc.constantFrom(0.1, 0.6).map((chance) => fixedProbability(chance, 1, { selfConnections: true })),
    ...(sources === targets ? [fc.constant(oneToOne(1))] : []),
  )
}

/** A synapse, from a unit to a neuron. */
export interface Pair {
  readonly from: string
  readonly unit: number
  readonly to: string
  readonly neuron: number
}

/** Every synapse of a network, one by one. */
export function allSynapses(network: Network, seed: number): readonly Pair[] {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  return network.projections.flatMap(({ source: from, target: to, connectivity, key }): readonly Pair[] => {
    const [sources, targets] = [sizes.get(from) as number, sizes.get(to) as number]
    const joined = (list: { readonly sources: ArrayLike<number>; readonly targets: ArrayLike<number> }) =>
      Array.from(list.sources, (unit, s) => ({ from, unit, to, neuron: list.targets[s] as number }))
    if (connectivity.kind === 'synapses') return joined(connectivity)
    if (connectivity.kind === 'rule') {
      const shape = { sources, targets, isRecurrent: from === to }
      return joined(
        ruleSynapses(connectivity.rule, shape, { seed, stream: `${key}/connect` }, { start: 0, end: targets }),
      )
    }
    const absent = new Set(connectivity.absent)
    const pairs = Array.from({ length: sources * targets }, (_, pair) => pair).filter((pair) => !absent.has(pair))
    return pairs.map((pair) => ({ from, unit: pair % sources, to, neuron: Math.floor(pair / sources) }))
  })
}
