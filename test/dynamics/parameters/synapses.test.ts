import { expect, test } from 'vitest'
import { type ArrivalSharing, Synapses } from '../../../src/dynamics/parameters/synapses.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSource, perSynapse, synapses } from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'

const network = defineNetwork({
  groups: { in: source(2), x: lif(3, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [
    connect(
      'in',
      'x',
      dense([
        [1, 2],
        [null, 3],
        [4, 5],
      ]),
      {
        delay: perSynapse([
          [3, 1],
          [0, 2],
          [1, 1],
        ]),
      },
    ),
    connect(
      'in',
      'x',
      synapses([
        [1, 0, 6],
        [1, 2, 7],
      ]),
      { delay: perSource([9, 0.5]) },
    ),
    connect('in', 'x', synapses([]), { delay: 2 }),
  ],
})
const { projections } = instantiate(network, 0)
const delays = Float64Array.from(projections.flatMap((projection) => Array.from(projection.delays)))

function fan(wiring: Synapses, p: number, unit: number): readonly number[] {
  const { start, list } = wiring.fan(p)
  return Array.from(list.subarray(start[unit], start[unit + 1]))
}

test('projections lie one after the other; absent pairs have a place but no synapse', () => {
  const wiring = new Synapses(projections)
  expect(wiring.count).toBe(8)
  expect(Array.from(wiring.sources)).toEqual([0, 1, 0, 1, 0, 1, 1, 1])
  expect(Array.from(wiring.targets)).toEqual([0, 0, 1, 1, 2, 2, 0, 2])
  expect(Array.from(wiring.projection)).toEqual([0, 0, 0, 0, 0, 0, 1, 1])
  expect(Array.from(wiring.ownDelay)).toEqual([0, 1, 2, 3, 4, 5, -1, -1])
  expect(wiring.afferents.map(({ delayBase, delayCount }) => [delayBase, delayCount])).toEqual([
    [0, 6],
    [6, 2],
    [8, 1],
  ])
})

test('fans follow the delays, equal ones the synapses', () => {
  const wiring = new Synapses(projections)
  wiring.followDelays(delays)
  expect([fan(wiring, 0, 0), fan(wiring, 0, 1), fan(wiring, 1, 0), fan(wiring, 1, 1)]).toEqual([
    [4, 0],
    [1, 5, 3],
    [],
    [6, 7],
  ])
  const changed = delays.slice()
  changed[4] = 5
  wiring.followDelays(changed)
  expect(fan(wiring, 0, 0)).toEqual([0, 4])
})

test('the extremes count existing synapses only', () => {
  const wiring = new Synapses(projections)
  wiring.followDelays(delays)
  const both = { start: 0, end: 2 }
  expect([0, 1, 2].map((p) => wiring.delayRange(p, both, delays))).toEqual([
    { least: 1, most: 3 },
    { least: 0.5, most: 0.5 },
    { least: Number.POSITIVE_INFINITY, most: 0 },
  ])
  const changed = delays.slice()
  changed[4] = 0.25
  wiring.followDelays(changed)
  expect(wiring.delayRange(0, both, changed)).toEqual({ least: 0.25, most: 3 })
})

test('the extremes of some source units are those of their synapses alone', () => {
  const wiring = new Synapses(projections)
  wiring.followDelays(delays)
  const [first, second] = [
    { start: 0, end: 1 },
    { start: 1, end: 2 },
  ]
  expect(wiring.delayRange(0, second, delays)).toEqual({ least: 1, most: 2 })
  expect(wiring.delayRange(0, first, delays)).toEqual({ least: 1, most: 3 })
  expect(wiring.delayRange(1, first, delays)).toEqual({ least: Number.POSITIVE_INFINITY, most: 0 })
})

test('on a shared feed whom the description joins to some neuron of the group is heard by every slice, others by none', () => {
  const rows = Array.from({ length: 64 }, (_, target) => [1, target < 32 ? null : 1, null])
  const { groups, projections: joined } = defineNetwork({
    groups: { in: source(3), x: lif(64, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'x', dense(rows), { delay: perSource([4, 2, 1]) })],
  })
  const held = instantiate({ groups, projections: joined }, 0, [{ group: 'x', start: 0, end: 32 }]).projections
  const own = Float64Array.of(4, 2, 1)
  const seen = (feed: ArrivalSharing) => {
    const wiring = new Synapses(held, feed)
    const heard = [0, 1, 2].map((unit) => wiring.isHeard(0, unit))
    return { heard, range: wiring.delayRange(0, { start: 0, end: 3 }, own), of: wiring.reachOf(own).ofUnit(0, 1) }
  }
  expect(seen('shared')).toEqual({ heard: [true, true, false], range: { least: 2, most: 4 }, of: 2 })
  expect(seen('own')).toEqual({ heard: [true, false, false], range: { least: 4, most: 4 }, of: -Infinity })
})
