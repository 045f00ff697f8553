import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { openCluster } from '../../src/actors/open-cluster.js'
import { createMerger } from '../../src/actors/session/merge-reports.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'

const network = defineNetwork({
  groups: {
    in: source(70),
    unheard: source(3),
    hidden: lif(64, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    out: lif(3, { tauMem: 20, tauSyn: 5, threshold: 1 }),
  },
  projections: [
    connect('in', 'hidden', dense(normal(0.5, 0.2)), { delay: perSynapse(uniform(0, 3)) }),
    connect('in', 'out', dense(normal(0.1, 0.05))),
    connect('hidden', 'out', dense(normal(0.2, 0.1))),
  ],
})
/** The sources lie in pieces, on cores that do not listen to them among others. */
const placement = definePlacement(network, [
  [
    { group: 'in', start: 32, end: 64 },
    { group: 'hidden', start: 32, end: 64 },
  ],
  [
    { group: 'in', start: 0, end: 32 },
    { group: 'unheard', start: 0, end: 3 },
  ],
  [{ group: 'hidden', start: 0, end: 32 }],
  [
    { group: 'in', start: 64, end: 70 },
    { group: 'out', start: 0, end: 3 },
  ],
])
const spikes = (trial: number) =>
  Array.from({ length: 40 }, (_, k) => ({ time: ((k * 7 + trial) % 40) / 2, unit: (k * 11 + trial) % 70 }))
const inputs = { in: trainsOf([spikes(0), spikes(1)]), unheard: trainsOf([[{ time: 1, unit: 2 }], []]) }
const trials = { count: 2, until: 30, inputs }
const loss = { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 } as const

test('what is recorded of a source is told by one core, where its first slice is placed', () => {
  const { recordOn } = createMerger(network, placement)
  const record = ['in', 'unheard', 'hidden']
  expect([0, 1, 2, 3].map((core) => recordOn(core, record))).toEqual([['hidden'], record, ['hidden'], ['hidden']])
})

test('spikes that are given go to every core that listens, never over a link, and are recorded once', async () => {
  await using whole = await open(network, { seed: 5 })
  await using spread = await openCluster(network, placement, { seed: 5, transport: 'local' })
  const record = ['in', 'unheard', 'hidden', 'out']
  const expected = await whole.simulate(trials, { record })
  expect(await spread.simulate(trials, { record })).toEqual(expected)
  const between = await spread.traffic()
  const sent = between.reduce((sum, link) => sum + link.sent.spikes, 0)
  // From both halves of the hidden layer to the output, and nothing else.
  expect(sent).toBe(expected.spikes.hidden?.times.length)
})

test('what moving a given spike would do is put together from all cores that listen, with the same bits', async () => {
  await using whole = await open(network, { seed: 5 })
  await using spread = await openCluster(network, placement, { seed: 5, transport: 'local' })
  const labels = Uint8Array.of(0, 2)
  const expected = await whole.gradient(trials, loss, labels)
  const found = await spread.gradient(trials, loss, labels)
  expect(found.inputTimes).toEqual(expected.inputTimes)
  expect(found).toEqual(expected)
  expect(expected.inputTimes.in?.some((value) => value !== 0)).toBe(true)
  expect(found.inputTimes.unheard).toEqual(Float64Array.of(0))
})
