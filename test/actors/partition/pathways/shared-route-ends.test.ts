import { expect, test } from 'vitest'
import { pathwayTable } from '../../../../src/actors/partition/pathways/pathway-table.js'
import { createSharedRouteEnds } from '../../../../src/actors/partition/pathways/shared-route-ends.js'
import { kernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { unitSet } from '../../../../src/events/unit-set.js'
import { definePlacement } from '../../../../src/hardware/define-placement.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { connect, synapses } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import type { Message } from '../../../../src/streams/message.js'
import { createLocalPathway } from '../../../../src/streams/pathways/local-ends.js'
import { openLinkPair } from '../../../support/link-pair.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const NETWORK = defineNetwork({
  groups: { a: lif(40, NEURON), b: lif(4, NEURON), c: lif(40, NEURON) },
  projections: [
    connect('a', 'b', synapses([{ source: 33, target: 0, weight: 1 }]), { delay: 1 }),
    connect(
      'a',
      'c',
      synapses([
        { source: 1, target: 0, weight: 0 },
        { source: 39, target: 39, weight: 1 },
      ]),
      { delay: 1 },
    ),
  ],
})
const PLACEMENT = definePlacement(NETWORK, [
  [
    { group: 'a', start: 0, end: 40 },
    { group: 'c', start: 32, end: 40 },
  ],
  [
    { group: 'b', start: 0, end: 4 },
    { group: 'c', start: 0, end: 32 },
  ],
])
const TABLE = pathwayTable(NETWORK, PLACEMENT)
const STREAM = TABLE.routes[0]!.stream

async function openTrunks(core: number) {
  const { low, high } = await openLinkPair()
  const [here, there] = core === 0 ? [low, high] : [high, low]
  const told: Message[] = []
  there.messages$.subscribe((message) => told.push(message))
  const deliver = (message: () => void) => message()
  const remote = { pathway: () => createLocalPathway(deliver) }
  return { ends: createSharedRouteEnds({ core, table: TABLE, remote, linkOf: () => here, deliver }), told }
}

test('who listens tells once which units are heard, before the first run', async () => {
  const { ends, told } = await openTrunks(1)
  const slices = PLACEMENT.cores[1]!.slices
  const instance = instantiate(NETWORK, 0, slices)
  ends.wired(['b', 'c'].map((name) => kernelOfGroup(instance, name, () => [{ start: 0, end: 40 }])))
  await new Promise((resolve) => setTimeout(resolve))
  expect(told).toEqual([])
  for (let run = 0; run < 2; run++) ends.begin(() => true)
  await new Promise((resolve) => setTimeout(resolve))
  // A weight of 0 is a synapse; what ends in the other slice is none here.
  const heard = unitSet(40, (unit) => unit === 1 || unit === 33)
  expect(told).toEqual([{ kind: 'listeners', stream: STREAM, heard }])
  expect(ends.heardOf(STREAM)).toEqual(heard)
})

test('who spikes believes it once, and only of its own units', async () => {
  const { ends } = await openTrunks(0)
  const [, { stream: branch }] = TABLE.projections.filter(({ source, target }) => source.core !== target.core) as [
    unknown,
    (typeof TABLE.projections)[number],
  ]
  const sender = ends.pathway(branch)
  expect(sender?.isOpen()).toBe(false)
  const listeners = (stream: number, count: number) => {
    return ends.hear({ kind: 'listeners', stream, heard: unitSet(count, () => true) })
  }
  expect(listeners(STREAM, 39)).toContain('listeners of 39 units in place of 40')
  expect(listeners(STREAM + 1, 40)).toContain('which are not awaited')
  expect(sender?.isOpen()).toBe(false)
  expect(listeners(STREAM, 40)).toBeNull()
  expect(sender?.isOpen()).toBe(true)
  expect(listeners(STREAM, 40)).toContain('which are not awaited')
})
