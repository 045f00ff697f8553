import fc from 'fast-check'
import { NEVER, Subject } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test } from 'vitest'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import { type Advance, mergeByWatermark } from '../../src/streams/merge-by-watermark.js'
import { spikeBatch } from './batches.js'

const UNTIL = 10

interface Message {
  readonly input: number
  readonly batch: SpikeBatch
}

/** Merges messages that arrive in the given order. */
function merge(delays: readonly number[], messages: readonly Message[], whole = false) {
  const streams = delays.map(() => new Subject<SpikeBatch>())
  const advances: Advance[] = []
  let completed = false
  const inputs = streams.map((spikes$, k) => ({ spikes$, delay: delays[k]! }))
  mergeByWatermark(inputs, { until: UNTIL, whole }).subscribe({
    next: (advance) => advances.push(advance),
    complete: () => {
      completed = true
    },
  })
  /** How many messages had come before each advance. */
  const after = advances.map(() => 0)
  messages.forEach(({ input, batch }, k) => {
    streams[input]!.next(batch)
    while (after.length < advances.length) after.push(k + 1)
  })
  return { advances, after, completed, observed: streams.some((stream) => stream.observed) }
}

/** Messages named by their input and the end of their window. */
function messagesTo(ends: readonly (readonly [input: number, end: number])[]): readonly Message[] {
  const reached = new Map<number, { sequence: number; end: number }>()
  return ends.map(([input, end]) => {
    const { sequence, end: start } = reached.get(input) ?? { sequence: 0, end: 0 }
    reached.set(input, { sequence: sequence + 1, end })
    return { input, batch: spikeBatch(sequence, start, end) }
  })
}

/** Streams cut into windows anywhere, and their batches in any order that keeps each stream's own. */
const arrivals = fc
  .array(
    fc.record({
      delay: fc.nat(12).map((k) => k / 4),
      cuts: fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((streams) => {
    const ends = streams.map(({ cuts }) => [...cuts.toSorted((a, b) => a - b).map((k) => k / 4), UNTIL])
    const turns = ends.flatMap((list, input) => list.map(() => input))
    return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
      const next = ends.map((list) => list.values())
      const messages = messagesTo(order.map((input) => [input, next[input]!.next().value!] as const))
      return { delays: streams.map(({ delay }) => delay), messages }
    })
  })

describe('laws of the merge', () => {
  test('it advances as early and as far as the watermarks allow, to the end', () => {
    fc.assert(
      fc.property(arrivals, ({ delays, messages }) => {
        const { advances, after, completed, observed } = merge(delays, messages)
        const watermarks = delays.map(() => 0)
        const known = () => Math.min(UNTIL, ...delays.map((delay, k) => watermarks[k]! + delay))
        const expected = known() > 0 ? [{ horizon: known(), after: 0 }] : []
        messages.forEach(({ input, batch }, k) => {
          const before = known()
          watermarks[input] = batch.window.end
          const last = k + 1 === messages.length
          if (known() > before || last) expected.push({ horizon: known(), after: k + 1 })
        })
        expect(advances.map(({ horizon }, k) => ({ horizon, after: after[k] }))).toEqual(expected)
        expect({ end: advances.at(-1)!.horizon, completed, observed }).toEqual({
          end: UNTIL,
          completed: true,
          observed: false,
        })
      }),
    )
  })

  test('every batch comes once, in order, and before the receiver passes what it may hold', () => {
    fc.assert(
      fc.property(arrivals, fc.boolean(), ({ delays, messages }, whole) => {
        const { advances } = merge(delays, messages, whole)
        expect(advances.flatMap(({ received }) => received)).toEqual(messages)
        advances.forEach(({ received }, k) => {
          const passed = advances[k - 1]?.horizon ?? 0
          for (const { input, batch } of received)
            expect(batch.window.start + delays[input]!).toBeGreaterThanOrEqual(Math.min(passed, UNTIL))
        })
      }),
    )
  })

  test('spikes that may arrive early hold it back until their stream has ended', () => {
    const { advances, completed } = merge(
      [-2, 1],
      messagesTo([
        [1, UNTIL],
        [0, 1],
        [0, 5],
        [0, UNTIL],
      ]),
    )
    expect(advances.map(({ horizon }) => horizon)).toEqual([3, UNTIL])
    expect(completed).toBe(true)
  })

  test('whole, it advances once, with the last message', () => {
    fc.assert(
      fc.property(arrivals, ({ delays, messages }) => {
        const { advances, after, completed } = merge(delays, messages, true)
        expect({ advances, after, completed }).toEqual({
          advances: [{ horizon: UNTIL, received: messages }],
          after: [messages.length],
          completed: true,
        })
      }),
    )
  })
})

test.each([
  {
    delays: [1, 2],
    order: [
      [0, 4],
      [1, 9],
      [0, 10],
      [1, 10],
    ],
    horizons: [1, 2, 5, 10, 10],
  },
  {
    delays: [1, 2],
    order: [
      [1, 9],
      [0, 4],
      [1, 10],
      [0, 10],
    ],
    horizons: [1, 5, 10],
  },
  {
    delays: [1, 2],
    order: [
      [1, 9],
      [1, 10],
      [0, 4],
      [0, 10],
    ],
    horizons: [1, 5, 10],
  },
  {
    delays: [0, 2],
    order: [
      [1, 10],
      [0, 10],
    ],
    horizons: [10],
  },
  {
    delays: [0, 0],
    order: [
      [0, 3],
      [1, 3],
      [0, 10],
      [1, 10],
    ],
    horizons: [3, 10],
  },
  {
    delays: [2],
    order: [
      [0, 2],
      [0, 4],
      [0, 6],
      [0, 8],
      [0, 10],
    ],
    horizons: [2, 4, 6, 8, 10, 10],
  },
  { delays: [50], order: [[0, 10]], horizons: [10, 10] },
  { delays: [Infinity], order: [[0, 10]], horizons: [10, 10] },
] as const)('delays $delays, messages $order: horizons $horizons', ({ delays, order, horizons }) => {
  expect(merge(delays, messagesTo(order)).advances.map(({ horizon }) => horizon)).toEqual(horizons)
})

test('batches that come too late to matter are handed on together, at the end', () => {
  const messages = messagesTo([
    [0, 9],
    [0, 9.5],
    [1, 10],
    [0, 10],
  ])
  const { advances } = merge([1, 0], messages)
  expect(advances.map(({ horizon, received }) => [horizon, received.map(({ batch }) => batch.sequence)])).toEqual([
    [10, [0, 1, 0]],
    [10, [2]],
  ])
})

describe('subscriptions', () => {
  const values = { a: spikeBatch(0, 0, 4), b: spikeBatch(1, 4, 10), c: spikeBatch(0, 0, 10) }
  const received = (input: number, batch: SpikeBatch) => ({ input, batch })

  function marbles(work: Parameters<TestScheduler['run']>[0]): void {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work)
  }

  test('end with the last message, though the streams live on', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const first = hot('   --a-----b----', values)
      const second = hot('  -----c-------', values)
      const held = '        ^-------!'
      const inputs = [
        { spikes$: first, delay: 1 },
        { spikes$: second, delay: 2 },
      ]
      expectObservable(mergeByWatermark(inputs, { until: 10, whole: false })).toBe('                   x-y--z--(w|)', {
        x: { horizon: 1, received: [] },
        y: { horizon: 2, received: [received(0, values.a)] },
        z: { horizon: 5, received: [received(1, values.c)] },
        w: { horizon: 10, received: [received(0, values.b)] },
      })
      expectSubscriptions(first.subscriptions).toBe(held)
      expectSubscriptions(second.subscriptions).toBe(held)
    })
  })

  test('end when the receiver goes', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const first = hot('   --a-----b----', values)
      const held = '        ^----!'
      const inputs = [
        { spikes$: first, delay: 0 },
        { spikes$: NEVER, delay: 9 },
      ]
      expectObservable(mergeByWatermark(inputs, { until: 10, whole: false }), held).toBe('--y---', {
        y: { horizon: 4, received: [received(0, values.a)] },
      })
      expectSubscriptions(first.subscriptions).toBe(held)
    })
  })

  test('end with the first error, which is handed on', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const first = hot('   --a-----b----', values)
      const second = hot('  -----#       ', values, new Error('broken'))
      const inputs = [first, second].map((spikes$) => ({ spikes$, delay: 0 }))
      expectObservable(mergeByWatermark(inputs, { until: 10, whole: true })).toBe('-----#', {}, new Error('broken'))
      expectSubscriptions(first.subscriptions).toBe('^----!')
      expectSubscriptions(second.subscriptions).toBe('^----!')
    })
  })

  test.each([true, false])('are none without inputs: the end is reached at once (whole: %s)', (whole) => {
    marbles(({ expectObservable }) => {
      expectObservable(mergeByWatermark([], { until: Infinity, whole })).toBe('(x|)', {
        x: { horizon: Infinity, received: [] },
      })
    })
  })
})

describe('flow control', () => {
  test('holds advances back until it opens; nothing is lost, what came meanwhile is one advance', () => {
    const [stream, opened$] = [new Subject<SpikeBatch>(), new Subject<void>()]
    let open = true
    const advances: Advance[] = []
    let completed = false
    const flowControl = { isOpen: () => open, opened$ }
    mergeByWatermark([{ spikes$: stream, delay: 1 }], { until: UNTIL, whole: false, flowControl }).subscribe({
      next: (advance) => advances.push(advance),
      complete: () => {
        completed = true
      },
    })
    const horizons = () => advances.map(({ horizon, received }) => [horizon, received.length])
    expect(horizons()).toEqual([[1, 0]])
    open = false
    for (const { batch } of messagesTo([2, 5, UNTIL].map((end) => [0, end] as const))) stream.next(batch)
    opened$.next()
    expect(horizons()).toEqual([[1, 0]])
    expect(completed).toBe(false)
    open = true
    opened$.next()
    expect(horizons()).toEqual([
      [1, 0],
      [UNTIL, 3],
    ])
    expect(completed).toBe(true)
    expect(opened$.observed).toBe(false)
  })
})

test('a latency is added before the delay, as it is to every spike: the horizon is never later than what may arrive', () => {
  const [watermark, latency, delay] = [0.1, 0.2, 0.3]
  expect(watermark + (latency + delay)).not.toBe(watermark + latency + delay)
  const horizons: number[] = []
  const spikes$ = new Subject<SpikeBatch>()
  mergeByWatermark([{ spikes$, latency, delay }], { until: UNTIL, whole: false }).subscribe(({ horizon }) =>
    horizons.push(horizon),
  )
  spikes$.next(spikeBatch(0, 0, watermark))
  expect(horizons).toEqual([latency + delay, watermark + latency + delay])
})
