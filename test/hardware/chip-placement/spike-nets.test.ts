import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blockTable } from '../../../src/hardware/block-table.js'
import { hilbertIndex } from '../../../src/hardware/chip-placement/hilbert.js'
import { spikeNets } from '../../../src/hardware/chip-placement/spike-nets.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { Network } from '../../../src/network/description/network.js'
import {
  connect,
  dense,
  fixedInDegree,
  fixedProbability,
  oneToOne,
} from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import { casesOf } from '../../support/cases-of.js'
import { blockNetwork } from '../arbitrary-placed.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** Spikes from each block that reach each block, where unit u spikes u + 1 times; counted synapse by synapse. */
function reachedByUnit(network: Network, seed: number): Map<string, number> {
  const { groups } = blockTable(network)
  const blockOf = (group: string, unit: number) => groups.find(({ name }) => name === group)!.first + (unit >> 5)
  const pairs = new Map<string, number>()
  for (const { source, target, sources, targets, absent } of instantiate(network, seed).projections) {
    sources.forEach((unit, s) => {
      if (absent?.[s] !== 1)
        pairs.set(`${source}/${unit}>${blockOf(source, unit)}>${blockOf(target, targets[s]!)}`, unit + 1)
    })
  }
  const sums = new Map<string, number>()
  for (const [key, spikes] of pairs) {
    const edge = key.slice(key.indexOf('>') + 1)
    sums.set(edge, (sums.get(edge) ?? 0) + spikes)
  }
  return sums
}

function reachedByNet(network: Network, seed: number): Map<string, number> {
  const nets = spikeNets(network, blockTable(network), { spikesOf: (_, unit) => unit + 1, seed })
  const sums = new Map<string, number>()
  for (let net = 0; net < nets.count; net++) {
    for (const block of nets.targetsOf(net)) {
      const edge = `${nets.source[net]}>${block}`
      sums.set(edge, (sums.get(edge) ?? 0) + nets.spikes[net]!)
      expect(nets.into(block)).toContain(net)
    }
    expect(nets.outOf(nets.source[net]!)).toContain(net)
  }
  return sums
}

it('nets carry the spikes of every unit to every block with a target, once', () => {
  fc.assert(
    fc.property(blockNetwork, (network) => {
      expect(reachedByNet(network, 3)).toEqual(reachedByUnit(network, 3))
    }),
    { numRuns: casesOf({ short: 10, long: 30 }), seed: 75 },
  )
})

it('nets follow rules as they are drawn, and leave absent pairs out', () => {
  const holes = Array.from({ length: 40 }, (_, t) => Array.from({ length: 70 }, (_, s) => ((s + t) % 5 < 4 ? null : 1)))
  const apart = holes.map((row, t) => row.map((weight, s) => (s < 32 === t < 32 ? null : weight)))
  const network = defineNetwork({
    groups: { a: source(70), b: lif(40, neuron), c: lif(70, neuron) },
    projections: [
      connect('a', 'b', dense(apart)),
      connect('a', 'c', oneToOne(1)),
      connect('c', 'c', fixedInDegree(2, 1), { delay: 1 }),
      connect('b', 'c', fixedProbability(0.02, 1)),
    ],
  })
  expect(reachedByNet(network, 5)).toEqual(reachedByUnit(network, 5))
  expect(reachedByNet(network, 5)).not.toEqual(reachedByUnit(network, 6))
})

it('a Hilbert curve goes through every square once, from neighbour to neighbour', () => {
  for (const bits of [1, 2, 3]) {
    const side = 2 ** bits
    const way: (readonly [number, number])[] = []
    for (let x = 0; x < side; x++) for (let y = 0; y < side; y++) way[hilbertIndex(x, y, bits)] = [x, y]
    expect(way).toHaveLength(side * side)
    const steps = way.slice(1).map(([x, y], k) => Math.abs(x - way[k]![0]) + Math.abs(y - way[k]![1]))
    expect(new Set(steps)).toEqual(new Set([1]))
  }
})
