import { EventEmitter, on } from 'node:events'
import { Observable, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { LiveInput } from '../../../src/actors/streaming/live-source.js'
import type { LiveSpikes } from '../../../src/actors/streaming/require-live-spikes.js'
import type { SpikeStream, StreamSegment } from '../../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { expectSameBits } from '../../support/same-bits.js'
import { LIF, lastingRing, oneNeuron, spikesAt } from '../small-networks.js'

const quiet = (watermark: number): LiveSpikes => ({ times: [], units: [], watermark })
const burst = (watermark: number, ...times: number[]): LiveSpikes => ({ times, units: times.map(() => 0), watermark })

/** The spikes of a group that a stream shows, and where its segments ended. */
async function taken(stream: SpikeStream, group: string, found: StreamSegment[] = []) {
  for await (const segment of stream) found.push(segment)
  return { trains: spikesIn(found, group), ends: found.map(({ window }) => window.end) }
}

function spikesIn(segments: readonly StreamSegment[], group: string): SpikeTrains {
  return joinTrains(segments.map(({ spikes }) => spikes[group] as SpikeTrains)).trains
}

/** The spikes of a group as an observer sees them. */
async function observed(stream: SpikeStream, group: string): Promise<SpikeTrains> {
  const windows: SpikeTrains[] = []
  await stream.spikes$.forEach((batch) => {
    if (batch.stream === group) windows.push(batch)
  })
  return joinTrains(windows).trains
}

describe('what an Observable emits before the run begins', () => {
  test('is not lost, and neither is its end', async () => {
    await using session = await open(lastingRing())
    const whole = await taken(session.stream({ until: 90, inputs: { in: spikesAt(1, 4, 7) } }), 'a')
    for (const take of [observed, async (stream: SpikeStream) => (await taken(stream, 'a')).trains]) {
      const source = new Subject<LiveSpikes>()
      const stream = session.stream({ until: 90, inputs: { in: source } })
      source.next(burst(3, 1))
      await new Promise((resolve) => setImmediate(resolve))
      source.next(burst(8, 4, 7))
      source.complete()
      expectSameBits(await take(stream, 'a'), whole.trains)
    }
    expect(whole.trains.times.length).toBeGreaterThan(8)
  })

  test('is run before its error counts, whenever that came', async () => {
    await using session = await open(oneNeuron())
    const source = new Subject<LiveSpikes>()
    const stream = session.stream({ inputs: { in: source }, segment: 10 })
    source.next(burst(25, 1))
    source.error(new Error('no camera'))
    const found: StreamSegment[] = []
    await expect(taken(stream, 'out', found)).rejects.toMatchObject({
      code: 'LIVE_SOURCE_FAILED',
      message: expect.stringContaining('no camera'),
      details: { source: 'in', watermark: 25 },
    })
    expect(found.map(({ window }) => window.end)).toEqual([10, 20, 25])
    expect(spikesIn(found, 'out').times.length).toBeGreaterThan(0)
    await expect(stream.done).rejects.toMatchObject({ code: 'LIVE_SOURCE_FAILED' })
  })

  test('may be no more than it could hold, and then nobody listens any longer', async () => {
    await using session = await open(oneNeuron())
    let emitted = 0
    // Sends without a pause for as long as somebody listens.
    const flood = new Observable<LiveSpikes>((to) => {
      const spikes = { times: new Float64Array(1e6).fill(3), units: new Uint32Array(1e6), watermark: 2 }
      for (; !to.closed && emitted < 20; emitted++) to.next(spikes)
    })
    const stream = session.stream({ inputs: { in: flood } })
    expect(emitted).toBe(5)
    const expected = { code: 'LIVE_SOURCE_BROKEN', message: expect.stringContaining('4000000 spikes ahead') }
    await expect(taken(stream, 'out')).rejects.toMatchObject(expected)
  })
})

describe('a source that is given to two groups', () => {
  const TWO = defineNetwork({
    groups: { left: source(1), right: source(1), a: lif(1, LIF), b: lif(1, LIF) },
    projections: [connect('left', 'a', dense(8)), connect('right', 'b', dense(8))],
  })
  const CHUNKS = [burst(3, 1), burst(12, 5, 9), quiet(40)]

  async function* pulled() {
    for (const chunk of CHUNKS) yield chunk
  }

  test.each<[string, () => LiveInput]>([
    [
      'an Observable that sends once',
      () => {
        let isSpent = false
        return new Observable<LiveSpikes>((to) => {
          if (!isSpent) for (const chunk of CHUNKS) to.next(chunk)
          isSpent = true
          to.complete()
        })
      },
    ],
    ['a generator', pulled],
  ])('feeds both (%s)', async (_, live) => {
    await using session = await open(TWO)
    const input = live()
    const found: StreamSegment[] = []
    await taken(session.stream({ until: 60, inputs: { left: input, right: input } }), 'a', found)
    expectSameBits(spikesIn(found, 'a'), spikesIn(found, 'b'))
    expect(spikesIn(found, 'a').times.length).toBeGreaterThan(2)
  })

  test('that fails ends a run that waits for another one', async () => {
    await using session = await open(TWO)
    const [left, right] = [new Subject<LiveSpikes>(), new Subject<LiveSpikes>()]
    const run = taken(session.stream({ inputs: { left, right } }), 'a')
    right.error(new Error('no camera'))
    await expect(run).rejects.toMatchObject({ code: 'LIVE_SOURCE_FAILED', details: { source: 'right' } })
    expect(left.observed).toBe(false)
  })
})

describe('a stream that never begins', () => {
  test('lets go of its sources when it is stopped, and takes nothing from the session', async () => {
    await using session = await open(oneNeuron())
    const source = new Subject<LiveSpikes>()
    const [first, second] = [session.stream({ segment: 5 }), session.stream({ inputs: { in: source } })]
    const segments = first[Symbol.asyncIterator]()
    await segments.next()
    expect(source.observed).toBe(true)
    await second.stop()
    await expect(second.done).resolves.toBeUndefined()
    expect(source.observed).toBe(false)
    expect((await segments.next()).done).toBe(false)
    await first.stop()
  })

  test('lets go of its sources when the session is closed', async () => {
    const session = await open(oneNeuron())
    const source = new Subject<LiveSpikes>()
    const stream = session.stream({ inputs: { in: source } })
    await session.close()
    await expect(taken(stream, 'out')).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    expect(source.observed).toBe(false)
  })
})

test('an iterable that listens from when it is asked for its iterator is asked at once', async () => {
  await using session = await open(oneNeuron())
  const events = new EventEmitter()
  const input: AsyncIterable<LiveSpikes> = {
    [Symbol.asyncIterator]() {
      const heard = on(events, 'spikes')
      return {
        async next() {
          const { value } = (await heard.next()) as IteratorYieldResult<[LiveSpikes]>
          return { done: false, value: value[0] }
        },
      }
    },
  }
  const stream = session.stream({ until: 30, inputs: { in: input } })
  events.emit('spikes', burst(50, 1))
  const { trains } = await taken(stream, 'out')
  expect(trains.times.length).toBeGreaterThan(0)
})

test.each<[string, LiveInput]>([
  [
    'an iterable that gives no iterator',
    {
      [Symbol.asyncIterator]() {
        throw new Error('no camera')
      },
    },
  ],
  [
    'an Observable of another make that cannot be subscribed to',
    {
      lift: () => undefined,
      subscribe() {
        throw new Error('no camera')
      },
    } as never,
  ],
])('%s ends the run, not the call', async (_, input) => {
  await using session = await open(oneNeuron())
  const stream = session.stream({ inputs: { in: input } })
  await expect(taken(stream, 'out')).rejects.toMatchObject({
    code: 'LIVE_SOURCE_FAILED',
    message: expect.stringContaining('no camera'),
  })
})

test.each<[string, unknown]>([
  ['null', null],
  ['5', 5],
  ['nothing', undefined],
  ['times nothing', { units: [], watermark: 1 }],
  ['units nothing', { times: [], watermark: 1 }],
  ['times 3', { times: 3, units: [], watermark: 1 }],
  ['the next watermark is "9"', { times: [], units: [], watermark: '9' }],
])('a message that holds no spikes is named (%s)', async (said, message) => {
  await using session = await open(oneNeuron())
  const input = new Observable<LiveSpikes>((to) => to.next(message as LiveSpikes))
  await expect(taken(session.stream({ inputs: { in: input } }), 'out')).rejects.toMatchObject({
    code: 'LIVE_SOURCE_BROKEN',
    message: expect.stringContaining(said),
  })
})

test('what a stream was given is its own from the call on', async () => {
  await using session = await open(lastingRing())
  const fresh = () => ({ until: 60, inputs: { in: spikesAt(1, 4, 30) }, record: ['a', 'b'], segment: 7 })
  const whole = await taken(session.stream(fresh()), 'a')
  const options = fresh()
  const stream = session.stream(options)
  const found: StreamSegment[] = []
  let state: Awaited<ReturnType<typeof stream.saveState>> | null = null
  for await (const segment of stream) {
    options.inputs.in.times.fill(59)
    options.record.length = 0
    found.push(segment)
    if (found.length < 3) continue
    state = await stream.saveState()
    break
  }
  const rest = session.stream({ ...fresh(), from: state as NonNullable<typeof state> })
  for (const { voltage, current } of Object.values(state?.groups ?? {})) {
    voltage?.fill(0.5)
    current?.fill(7)
  }
  for (const { times } of Object.values(state?.inFlight ?? {})) times.fill(0)
  expectSameBits((await taken(rest, 'a', found)).trains, whole.trains)
  expect(whole.trains.times.length).toBeGreaterThan(3)
})
