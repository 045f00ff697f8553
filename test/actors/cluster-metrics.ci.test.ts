import { describe, expect, test } from 'vitest'
import type { PartitionMetrics } from '../../src/actors/partition/partition.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, synapses } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { inTurn } from '../support/in-turn.js'
import { built } from './built-cluster.js'

const SIZE = 64

/** A spike goes around a ring that is cut in two: one event a hop. */
const NETWORK = defineNetwork({
  groups: { start: source(1), ring: lif(SIZE, { tauMem: 20, tauSyn: 2, threshold: 1, refractory: 3 }) },
  projections: [
    connect('start', 'ring', synapses([[0, 0, 20, 0]])),
    connect('ring', 'ring', synapses(Array.from({ length: SIZE }, (_, n) => [n, (n + 1) % SIZE, 20, 0.5]))),
  ],
})
const TRIALS = {
  count: 1,
  until: 150,
  inputs: { start: { offsets: Uint32Array.of(0, 1), times: Float64Array.of(1), units: Uint32Array.of(0) } },
}
const PLACEMENT = built.placeOnCores(NETWORK, 2)

const eventsOf = (cores: readonly PartitionMetrics[]) => cores.reduce((sum, core) => sum + core.synapticEvents, 0)

describe.each([...inTurn(['thread', 'unix'] as const, 0), 'websocket' as const])('cores over %s', (transport) => {
  test('tell what they count while a run goes on, and change nothing by it', async () => {
    await using cluster = await built.openCluster(NETWORK, PLACEMENT, { transport, metrics: true })
    const running = cluster.simulate(TRIALS)
    let isOver = false
    void running.then(() => {
      isOver = true
    })
    const seen: number[] = []
    while (!isOver) seen.push(eventsOf(await cluster.metrics()))
    const { spikes } = await running
    await using plain = await built.openCluster(NETWORK, PLACEMENT, { transport: 'local' })
    expect(spikes).toEqual((await plain.simulate(TRIALS)).spikes)

    const cores = await cluster.metrics()
    const times = Array.from(spikes.ring?.times ?? [])
    // The last spikes may arrive behind the end of the trial.
    const expected = 1 + times.filter((time) => time + 0.5 < TRIALS.until).length
    expect(eventsOf(cores)).toBe(expected)
    expect(seen.some((events) => events > 0 && events < expected)).toBe(true)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))

    expect(cores.map(({ core }) => core)).toEqual([0, 1])
    expect(cores.reduce((sum, core) => sum + core.spikes, 0)).toBe(times.length)
    expect(cores.flatMap(({ links }) => links.map(({ peer }) => peer))).toEqual([1, 0])
    for (const { queuedSpikes, watermarkLag, memory, links, kernelSeconds } of cores) {
      expect([queuedSpikes, watermarkLag]).toEqual([0, 0])
      for (const amount of [memory.rss, memory.heapUsed, kernelSeconds]) expect(amount).toBeGreaterThan(0)
      for (const { sent, received } of links) expect(Math.min(sent.bytes, received.bytes)).toBeGreaterThan(0)
    }
  })
})

test('cores that nobody asked to count say so', async () => {
  await using cluster = await built.openCluster(NETWORK, PLACEMENT, { transport: 'thread' })
  await expect(cluster.metrics()).rejects.toMatchObject({ code: 'METRICS_OFF' })
})

test('a cluster wants to be told clearly whether to count', async () => {
  const wrong = built.openCluster(NETWORK, PLACEMENT, { metrics: 'yes' as unknown as boolean })
  await expect(wrong).rejects.toMatchObject({ code: 'CLUSTER_OPTION_INVALID', mistake: { field: 'options.metrics' } })
})
