import { describe, expect, test } from 'vitest'
import {
  pathwayTable,
  type SharedRouteOf,
  streamEnds,
} from '../../../../src/actors/partition/pathways/pathway-table.js'
import type { KernelKind } from '../../../../src/dynamics/kernels/kernel-kind.js'
import { definePlacement } from '../../../../src/hardware/define-placement.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, fixedInDegree, oneToOne, synapses } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const network = defineNetwork({
  groups: { in: source(2), hidden: lif(70, NEURON), out: lif(2, NEURON) },
  projections: [connect('in', 'hidden', dense(1), { delay: 1 }), connect('hidden', 'out', dense(1))],
})
const placement = definePlacement(network, [
  [
    { group: 'in', start: 0, end: 2 },
    { group: 'hidden', start: 64, end: 70 },
  ],
  [
    { group: 'hidden', start: 0, end: 64 },
    { group: 'out', start: 0, end: 2 },
  ],
])

test('every pair of slices has a pathway, every neuron slice one to the loss, every follower one to its owner', () => {
  const table = pathwayTable(network, placement)
  const say = ({ group, start, core }: { group: string; start: number; core: number }) => `${group}${start}@${core}`
  // A source that is given its spikes is whole wherever it is heard.
  expect(table.projections.filter(({ order }) => order === 0).map(({ source: { end } }) => end)).toEqual([2, 2])
  expect(table.projections.map(({ order, source: from, target }) => `${order}: ${say(from)} ${say(target)}`)).toEqual([
    '0: in0@1 hidden0@1',
    '0: in0@0 hidden64@0',
    '1: hidden0@1 out0@1',
    '1: hidden64@0 out0@1',
  ])
  expect(table.losses.map(({ slice, core }) => `${say(slice)} ${core}`)).toEqual([
    'hidden0@1 1',
    'hidden64@0 1',
    'out0@1 1',
  ])
  expect(table.partialSums.map(({ order, follower, owner }) => `${order}: ${say(follower)} ${say(owner)}`)).toEqual([
    '0: hidden64@0 hidden0@1',
  ])
  // Between cores it is routes that have streams.
  const crossing = table.projections.find(({ source, target }) => source.core !== target.core)
  expect(table.routes.map(({ branches }) => branches)).toEqual([[crossing]])
  const streams = streamEnds(table)
  expect(streams.has(crossing!.stream)).toBe(false)
  expect([...streams.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9])
  expect([...streams.values()].at(-1)).toEqual({ group: 'hidden', from: 0, to: 1, use: 'shared' })
})

describe('a shared route', () => {
  const few = { multiple: false, selfConnections: true }
  const groups = { noise: poisson(40, { rate: 10 }), a: lif(40, NEURON), b: lif(64, NEURON), c: lif(2, NEURON) }
  const several = defineNetwork({
    groups,
    projections: [
      connect('noise', 'b', fixedInDegree(3, 1, few)),
      connect('a', 'b', fixedInDegree(3, 1, few), { delay: 1 }),
      connect('a', 'c', dense(1), { delay: 1 }),
      connect('a', 'b', synapses([[0, 0, 1, 1]]), { name: 'again' }),
    ],
  })
  const cores = definePlacement(several, [
    [
      { group: 'noise', start: 0, end: 40 },
      { group: 'a', start: 0, end: 32 },
    ],
    [
      { group: 'a', start: 32, end: 40 },
      { group: 'b', start: 0, end: 32 },
      { group: 'c', start: 0, end: 2 },
    ],
    [{ group: 'b', start: 32, end: 64 }],
  ])

  test('is all pathways from a slice to another core, and whole where one of them is', () => {
    const say = ({ source, core, branches, isWhole }: SharedRouteOf) => {
      const orders = branches.map(({ order }) => order)
      return `${source.group}${source.start}@${source.core} ${core}: ${orders.join()}${isWhole ? ' whole' : ''}`
    }
    expect(pathwayTable(several, cores).routes.map(say)).toEqual([
      'noise0@0 1: 0',
      'noise0@0 2: 0',
      'a0@0 1: 1,2,3 whole',
      'a0@0 2: 1,3',
      'a32@1 2: 1,3',
    ])
  })

  test('has no branches for what kernels draw themselves, and is none without branches', () => {
    const size = 4000
    const driven = defineNetwork({
      groups: { noise: poisson(size, { rate: 10_000 }), a: lif(size, NEURON) },
      projections: [
        connect('noise', 'a', oneToOne(1)),
        connect('a', 'a', fixedInDegree(3, 1, { ...few, selfConnections: false }), { delay: 1 }),
      ],
    })
    const halves = definePlacement(driven, [
      [
        { group: 'noise', start: 0, end: 32 },
        { group: 'a', start: 0, end: 2016 },
      ],
      [
        { group: 'noise', start: 32, end: size },
        { group: 'a', start: 2016, end: size },
      ],
    ])
    const trunksOf = (kernel: KernelKind) =>
      pathwayTable(driven, halves, kernel).routes.map(({ source }) => source.group)
    expect(trunksOf('simd')).toEqual(['a', 'a'])
    expect(trunksOf('reference')).toEqual(['noise', 'noise', 'a', 'a'])
  })
})
