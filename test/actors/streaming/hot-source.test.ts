import { Subject } from 'rxjs'
import { afterAll, describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import type { LiveSpikes } from '../../../src/actors/streaming/require-live-spikes.js'
import type { SpikeStream, StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { inTurn } from '../../support/in-turn.js'
import { expectSameBits } from '../../support/same-bits.js'
import { built } from '../built-cluster.js'
import { NETWORK } from '../layered-network.js'
import { lastingRing, oneNeuron, spikesAt } from '../small-networks.js'

const END = 40
/** One spike at each of these instants, ms. */
const TIMES = Array.from({ length: 30 }, (_, k) => 0.5 + k)

/** Emits one spike after the other, each with a watermark at it, out of arrays that are used again. */
function hot(times: readonly number[]) {
  const source = new Subject<LiveSpikes>()
  const chunk = { times: new Float64Array(1), units: new Uint32Array(1), watermark: 0 }
  let next = 0
  return {
    source,
    isOver: () => next === times.length,
    emit() {
      if (next === times.length) return
      chunk.times[0] = times[next++] as number
      chunk.watermark = chunk.times[0]
      source.next(chunk)
      chunk.times[0] = -1
      if (next === times.length) source.complete()
    },
  }
}

/** The spikes of the source itself, as the stream shows them. */
function observe(stream: SpikeStream, onBatch: () => void = () => undefined) {
  const seen: SpikeTrains[] = []
  const isOver = new Promise<SpikeTrains>((resolve, reject) => {
    stream.spikes$.subscribe({
      next(batch) {
        if (batch.stream === 'in') seen.push(batch)
        onBatch()
      },
      error: reject,
      complete: () => resolve(joinTrains(seen).trains),
    })
  })
  return isOver
}

const SESSIONS: Readonly<Record<string, () => Promise<StreamingSession>>> = {
  'in one process': () => open(NETWORK),
  'over two threads': () => built.openCluster(NETWORK, placeOnCores(NETWORK, 2), { transport: 'thread' }),
  'on two cores of this process': () => openCluster(NETWORK, placeOnCores(NETWORK, 2), { transport: 'local' }),
}

const TURNS: Readonly<Record<string, () => Promise<unknown>>> = {
  'with each microtask': async () => undefined,
  'with each turn of the event loop': () => new Promise((resolve) => setImmediate(resolve)),
  'now and then': () => new Promise((resolve) => setTimeout(resolve, 2)),
}

const sessions = Object.entries(SESSIONS).map(([where, opened], turn) => ({ where, opened, turn }))

describe.each(sessions)('of a hot source nothing is lost $where', ({ opened, turn: number }) => {
  const opening = opened()
  afterAll(async () => (await opening).close())

  test.each(inTurn(Object.entries(TURNS), number))('that emits %s from the subscription on', async (_, turn) => {
    const session = await opening
    const { source, emit, isOver } = hot(TIMES)
    const found = observe(session.stream({ until: END, inputs: { in: source }, record: ['in', 'out'], segment: 7 }))
    while (!isOver()) {
      emit()
      await turn()
    }
    expectSameBits(await found, spikesAt(...TIMES))
  })

  test('that emits whenever it is heard, and before', async () => {
    const session = await opening
    const { source, emit } = hot(TIMES)
    const stream = session.stream({ until: END, inputs: { in: source }, record: ['in'], segment: 7 })
    emit()
    const found = observe(stream, emit)
    emit()
    expectSameBits(await found, spikesAt(...TIMES))
  })

  test('while the session is busy: what has come is run afterwards, or the stream is refused', async () => {
    const session = await opening
    const run = session.simulate({ count: 1, until: 500, inputs: { in: spikesAt(...TIMES) } })
    const { source, emit, isOver } = hot(TIMES)
    const found = observe(session.stream({ until: END, inputs: { in: source }, record: ['in'] })).catch(
      (error: unknown) => error,
    )
    while (!isOver()) {
      emit()
      await Promise.resolve()
    }
    const end = await found
    await run
    if (end instanceof Error) expect(end).toMatchObject({ code: 'SESSION_BUSY' })
    else expectSameBits(end, spikesAt(...TIMES))
  })
})

test('a spike that comes too late for the watermark is refused by name, whenever it comes', async () => {
  await using session = await open(oneNeuron())
  const source = new Subject<LiveSpikes>()
  const found = observe(session.stream({ until: END, inputs: { in: source }, record: ['in'] }))
  const told = expect(found).rejects.toMatchObject({ code: 'LIVE_SOURCE_BROKEN', details: { source: 'in', time: 2 } })
  source.next({ times: [1], units: [0], watermark: 3 })
  source.next({ times: [2], units: [0], watermark: 4 })
  await told
})

test('a run that has come to its end waits for nothing more of its sources', async () => {
  await using session = await open(lastingRing())
  for (const watermark of [END, END + 1]) {
    const source = new Subject<LiveSpikes>()
    const found = observe(session.stream({ until: END, inputs: { in: source }, record: ['in'] }))
    source.next({ times: [1, 4], units: [0, 0], watermark })
    expectSameBits(await found, spikesAt(1, 4))
    expect(source.observed).toBe(false)
  }
})
