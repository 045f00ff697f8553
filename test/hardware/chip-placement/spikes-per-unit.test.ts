import { expect, test } from 'vitest'
import { MOST_SPIKES, readSpikes } from '../../../src/hardware/chip-placement/spikes-per-unit.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const NETWORK = defineNetwork({ groups: { in: source(4), out: lif(2, NEURON) }, projections: [] })
/** Of each unit of a group, if those of the other spike once. */
const most = Math.floor((MOST_SPIKES - 2) / 4)

test('whole numbers stay what they are, also as many as there may be', () => {
  const spikes = readSpikes(NETWORK, { in: most })
  expect([spikes('in', 3), spikes('out', 1)]).toEqual([most, 1])
})

test('parts of spikes are told in whole numbers, of many spikes in larger parts', () => {
  const few = readSpikes(NETWORK, { in: [0.5, 1, 2, 0], out: 0.25 })
  expect([few('in', 0), few('in', 2), few('out', 1)]).toEqual([512, 2048, 256])
  const many = readSpikes(NETWORK, { in: [2 ** 28, 1, 1, 0.5] })
  expect([many('in', 0), many('in', 1), many('in', 3)]).toEqual([2 ** 28, 1, 1])
})

test.each<[object, string]>([
  [{ in: most + 1 }, 'in'],
  [{ in: [0, 0, 0, MOST_SPIKES] }, 'in'],
  [{ in: 5, out: 1e308 }, 'out'],
  [{ in: MOST_SPIKES / 8, out: MOST_SPIKES / 2 }, 'out'],
])('more than can be counted are refused, with the group that has most: %j', (given, group) => {
  const call = () => readSpikes(NETWORK, given as never)
  expect(mistakeOf(call)).toEqual({ code: 'OPTION_OUT_OF_RANGE', field: `options.spikes.${group}` })
})
