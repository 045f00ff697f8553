import { from, Observable, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { MOST_WAITING } from '../../../src/actors/streaming/live-source.js'
import type { LiveSpikes } from '../../../src/actors/streaming/require-live-spikes.js'
import { openLiveSources } from '../../../src/actors/streaming/segment-inputs.js'
import type { StreamSegment } from '../../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import { trainsOf } from '../../learning/trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { lastingRing, oneNeuron } from '../small-networks.js'

const quiet = (watermark: number): LiveSpikes => ({ times: [], units: [], watermark })

/** Chunks one after the other; notes how many were asked for. */
function listed(chunks: readonly LiveSpikes[], asked = { count: 0 }): AsyncIterable<LiveSpikes> {
  return {
    async *[Symbol.asyncIterator]() {
      for (const chunk of chunks) {
        asked.count++
        yield chunk
      }
    },
  }
}

async function collected(segments: AsyncIterable<StreamSegment>, group: string) {
  const parts = []
  const ends = []
  for await (const { window, spikes } of segments) {
    parts.push(spikes[group]!)
    ends.push(window.end)
  }
  return { trains: joinTrains(parts).trains, ends }
}

describe('a live source', () => {
  const CHUNKS: readonly LiveSpikes[] = [
    { times: [1, 4], units: [0, 0], watermark: 3 },
    quiet(3.5),
    // Ahead of the watermark, and the next chunk fills in before it.
    { times: [20], units: [0], watermark: 5 },
    { times: [7, 7, 12], units: [0, 0, 0], watermark: 20 },
    quiet(90),
  ]
  const GIVEN = trainsOf([[1, 4, 7, 7, 12, 20].map((time) => ({ time, unit: 0 }))])

  test.each([
    ['an async iterable', () => listed(CHUNKS)],
    ['an Observable', () => from(CHUNKS)],
  ])('%s has the bits of a list, however its spikes are cut', async (_, live) => {
    await using session = await open(lastingRing())
    const whole = await collected(session.stream({ until: 90, inputs: { in: GIVEN } }), 'a')
    const found = await collected(session.stream({ until: 90, inputs: { in: live() } }), 'a')
    expectSameBits(found.trains, whole.trains)
    expect(whole.trains.times.length).toBeGreaterThan(8)
  })

  test('that sends a spike where a segment ends has it in the next one', async () => {
    await using session = await open(oneNeuron())
    const inputs = { in: listed([{ times: [0, 4, 8], units: [0, 0, 0], watermark: 90 }]) }
    const seen: [number, readonly number[]][] = []
    for await (const { window, spikes } of session.stream({ until: 12, inputs, record: ['in'], segment: 4 }))
      seen.push([window.start, [...spikes.in!.times]])
    expect(seen).toEqual([
      [0, [0]],
      [4, [4]],
      [8, [8]],
    ])
  })

  test('lets the run go as far as its watermark, and no further', async () => {
    await using session = await open(oneNeuron())
    const source = new Subject<LiveSpikes>()
    const stream = session.stream({ inputs: { in: source }, segment: 10 })
    const segments = stream[Symbol.asyncIterator]()
    const first = segments.next()
    let isDone = false
    void first.then(() => {
      isDone = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(isDone).toBe(false)
    source.next({ times: [1], units: [0], watermark: 4 })
    expect((await first).value?.window).toEqual({ start: 0, end: 4 })
    source.next(quiet(100))
    expect((await segments.next()).value?.window).toEqual({ start: 4, end: 14 })
    // One that waits is let go by the end.
    for (let k = 0; k < 9; k++) await segments.next()
    expect(stream.time).toBe(100)
    const waiting = segments.next()
    await stream.stop()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(source.observed).toBe(false)
  })

  test('that cuts a segment short says nothing of how long the next one should be', async () => {
    await using session = await open(oneNeuron())
    const { ends } = await collected(
      session.stream({ until: 40, inputs: { in: listed([quiet(4), quiet(90)]) } }),
      'out',
    )
    // The first segment has 8 ms; a whole one without a crowd doubles that.
    expect(ends).toEqual([4, 12, 28, 40])
  })

  test('is asked for more only when the run needs it', async () => {
    await using session = await open(oneNeuron())
    const asked = { count: 0 }
    const chunks = Array.from({ length: 100 }, (_, k) => quiet(10 * (k + 1)))
    for await (const { window } of session.stream({ inputs: { in: listed(chunks, asked) }, segment: 10 })) {
      expect(asked.count).toBe(window.end / 10)
      if (window.end === 50) break
    }
    expect(asked.count).toBe(5)
  })

  test('may end, and goes on in silence', async () => {
    await using session = await open(oneNeuron())
    const inputs = { in: listed([{ times: [1], units: [0], watermark: 2 }]) }
    const { trains, ends } = await collected(session.stream({ until: 60, inputs }), 'out')
    expect(trains.times.length).toBeGreaterThan(0)
    expect(ends.at(-1)).toBe(60)
  })

  const OFFENCES: readonly (readonly [string, readonly LiveSpikes[], object])[] = [
    ['comes before its watermark', [quiet(5), { times: [4], units: [0], watermark: 9 }], { time: 4, watermark: 5 }],
    ['is out of order', [{ times: [2, 1], units: [0, 0], watermark: 9 }], { time: 1, watermark: 0 }],
    ['is no number', [{ times: [Number.NaN], units: [0], watermark: 9 }], { time: Number.NaN }],
    ['never comes', [{ times: [Infinity], units: [0], watermark: 9 }], { time: Infinity }],
    ['is of no unit', [{ times: [2], units: [1], watermark: 9 }], { time: 2 }],
    ['is of a fraction', [{ times: [2], units: [0.5], watermark: 9 }], { time: 2 }],
    ['has no unit at all', [{ times: [2], units: [], watermark: 9 }], {}],
    ['comes with a watermark that goes back', [quiet(5), quiet(4)], { watermark: 5 }],
    ['comes with a watermark that is no number', [quiet(Number.NaN)], { watermark: 0 }],
  ]

  test.each(OFFENCES)('is stopped at once when a spike %s', async (_, chunks, details) => {
    await using session = await open(oneNeuron())
    const stream = session.stream({ inputs: { in: listed(chunks) } })
    const expected = { code: 'LIVE_SOURCE_BROKEN', details: expect.objectContaining({ source: 'in', ...details }) }
    await expect(collected(stream, 'out')).rejects.toMatchObject(expected)
    await expect(stream.done).rejects.toMatchObject(expected)
    // The session is free again.
    await session.simulate({ count: 1, until: 5, inputs: {} })
  })

  test.each([
    ['at once', [], []],
    ['later', [quiet(5), { times: [7], units: [0], watermark: 20 }], [4, 8, 12, 16, 20]],
  ])('that fails %s ends the run at its watermark, with what it said', async (_, chunks, expected) => {
    await using session = await open(oneNeuron())
    const source = new Observable<LiveSpikes>((to) => {
      for (const chunk of chunks) to.next(chunk)
      to.error(new Error('no camera'))
    })
    const ends: number[] = []
    const run = (async () => {
      for await (const { window } of session.stream({ inputs: { in: source }, segment: 4 })) ends.push(window.end)
    })()
    await expect(run).rejects.toMatchObject({
      code: 'LIVE_SOURCE_FAILED',
      message: expect.stringContaining('no camera'),
    })
    expect(ends).toEqual(expected)
  })

  test('that cannot be held back may only be so far ahead', async () => {
    const half = { times: new Float64Array(MOST_WAITING / 2 + 1).fill(3), units: new Uint32Array(MOST_WAITING / 2 + 1) }
    const source = new Observable<LiveSpikes>((to) => {
      for (const watermark of [1, 2]) to.next({ ...half, watermark })
    })
    const live = openLiveSources({ in: source }, { sizeOf: () => 1, start: 0 }).sources.get('in')
    await expect(live?.beyond(0)).rejects.toMatchObject({ code: 'LIVE_SOURCE_BROKEN', details: { watermark: 2 } })
  })
})
