import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { SpikeStream, StreamingSession, StreamSegment } from '../../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { inhomogeneousPoisson, poisson } from '../../../src/network/description/emitting-sources.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, fixedInDegree, oneToOne, perSynapse } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { isLong } from '../../support/cases-of.js'
import { inTurn } from '../../support/in-turn.js'
import { expectSameBits } from '../../support/same-bits.js'
import { built } from '../built-cluster.js'

/** A recurrent group of three blocks behind a layer without a cycle. */
const NETWORK = defineNetwork({
  groups: {
    in: source(4),
    drive: poisson(70, { rate: 150 }),
    waves: inhomogeneousPoisson(40, { times: [0, 40, 70], rates: [5, 200, 20] }),
    first: lif(40, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    ring: lif(70, { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 2, adaptStep: 0.1 }),
  },
  projections: [
    connect('in', 'first', dense(normal(2, 1)), { delay: perSynapse(uniform(0, 3)) }),
    connect('first', 'ring', fixedInDegree(5, normal(1.5, 0.3)), { delay: perSynapse(uniform(0.5, 6)) }),
    connect('drive', 'ring', oneToOne(0.4)),
    connect('waves', 'first', oneToOne(1), { delay: 1 }),
    connect('ring', 'ring', fixedInDegree(10, normal(0.1, 0.3)), { delay: 1.5 }),
  ],
})
const INPUT = trainsOf([Array.from({ length: 60 }, (_, k) => ({ time: 2 * k, unit: k % 4 }))])
const OPTIONS = { until: 130, inputs: { in: INPUT }, record: ['in', 'drive', 'waves', 'first', 'ring'] }

/** All spikes of a stream; half way it goes on in another session. */
async function course(session: StreamingSession, other: StreamingSession) {
  const parts: Record<string, SpikeTrains[]> = { in: [], drive: [], waves: [], first: [], ring: [] }
  const collect = (spikes: Readonly<Record<string, SpikeTrains>>) => {
    for (const [name, list] of Object.entries(parts)) list.push(spikes[name]!)
  }
  const stream = session.stream({ ...OPTIONS, segment: 7 })
  let state: Awaited<ReturnType<typeof stream.saveState>> | undefined
  for await (const { window, spikes } of stream) {
    collect(spikes)
    if (window.end < 60) continue
    state = await stream.saveState()
    break
  }
  for await (const { spikes } of other.stream({ ...OPTIONS, ...(state === undefined ? {} : { from: state }) }))
    collect(spikes)
  return Object.fromEntries(Object.entries(parts).map(([name, list]) => [name, joinTrains(list).trains]))
}

let ofOneProcess: ReturnType<typeof course> | null = null

/** The spikes of one process; it runs once for all tests. */
function undisturbed(): ReturnType<typeof course> {
  ofOneProcess ??= open(NETWORK, { seed: 3 }).then(async (session) => {
    await using here = session
    return await course(here, here)
  })
  return ofOneProcess
}

test.each([
  ['thread', 0],
  ['websocket', 1],
] as const)('a stream over %s has the bits of one process', async (transport, turn) => {
  await using here = await open(NETWORK, { seed: 3 })
  const expected = await undisturbed()
  for (const { times } of Object.values(expected)) expect(times.length).toBeGreaterThan(50)
  await using cluster = await built.openCluster(NETWORK, built.placeOnCores(NETWORK, 3), { seed: 3, transport })
  // Saved on three cores, gone on with on one, and the other way round.
  const orders = [
    [cluster, here],
    [here, cluster],
  ] as const
  for (const [first, second] of inTurn(orders, turn)) expectSameBits(await course(first, second), expected)
  if (isLong()) expectSameBits(await course(cluster, cluster), expected)
})

test('a stream outlives the death of its cores, and shows every spike once', async () => {
  await using here = await open(NETWORK, { seed: 3 })
  const whole = await all(here.stream({ ...OPTIONS, segment: 3 }))
  const restarts: number[] = []
  const placement = built.placeOnCores(NETWORK, 2)
  const onRestart = ({ number }: { readonly number: number }) => void restarts.push(number)
  await using cluster = await built.openCluster(NETWORK, placement, { seed: 3, restarts: 9, onRestart })
  // Before anything was run, right at a kept state, and within the segments since one.
  const kills = new Set(isLong() ? [0, 5, 16, 30] : [0, 30])
  const found = await all(cluster.stream({ ...OPTIONS, segment: 3 }), (segment) => {
    if (kills.has(segment)) process.kill(cluster.workers[segment % 2]!.id, 'SIGKILL')
  })
  expectSameBits(found, whole)
  expect(restarts).toEqual(Array.from(kills, (_, k) => k + 1))
})

/** The segments of a stream; `before` is told the number of each. */
async function all(stream: SpikeStream, before: (segment: number) => void = () => undefined) {
  const found: StreamSegment[] = []
  const segments = stream[Symbol.asyncIterator]()
  for (;;) {
    before(found.length)
    const next = await segments.next()
    if (next.done === true) return found
    found.push(next.value)
  }
}
