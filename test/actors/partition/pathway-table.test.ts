import { expect, test } from 'vitest'
import { pathwayTable, streamEnds } from '../../../src/actors/partition/pathway-table.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import { defineNetwork } from '../../../src/network/define-network.js'
import { lif, source } from '../../../src/network/groups.js'
import { connect, dense } from '../../../src/network/projections.js'

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
  expect(table.shares.map(({ order, follower, owner }) => `${order}: ${say(follower)} ${say(owner)}`)).toEqual([
    '0: hidden64@0 hidden0@1',
  ])
  const streams = [...streamEnds(table)]
  expect(streams.map(([stream]) => stream)).toEqual(streams.map((_, k) => k))
  expect(streams.at(-1)?.[1]).toEqual({ group: 'hidden', from: 0, to: 1 })
})
