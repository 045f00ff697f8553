import fc from 'fast-check'
import { NEVER, of, Subject } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test } from 'vitest'
import type { ReturnedSums } from '../../src/dynamics/kernels/returned-events.js'
import { InternalError } from '../../src/events/errors.js'
import type { GradientBatch } from '../../src/events/gradient-batch.js'
import { collectMicroBatches, collectReturned, type ReturnedBatch } from '../../src/streams/collect-returned.js'
import { gradientBatch } from './batches.js'

/** What a projection into a group of one block sends back. */
const sumsOf = (order: number): ReturnedSums => ({ order, blocks: 1, nodes: [{ from: 0, to: 1 }] })

/** The gradients from output k for batch `sequence`. */
const gradientsOf = (k: number, sequence: number) => gradientBatch(sequence, 10 * k + sequence)

/** Gradients from several outputs, each the last one first, and the count, in any order. */
const courses = fc.record({ outputs: fc.nat(3), count: fc.nat(5) }).chain(({ outputs, count }) => {
  const turns = Array.from({ length: outputs * count }, (_, k) => k % outputs)
  return fc.shuffledSubarray([...turns, -1], { minLength: turns.length + 1 }).map((order) => ({
    outputs,
    count,
    order,
  }))
})

/** As many gradient batches from every output as there are micro-batches, and as often word that one more is ready. */
const microBatched = fc.record({ outputs: fc.nat(3), count: fc.integer({ min: 1, max: 5 }) }).chain((shape) => {
  const turns = Array.from({ length: (shape.outputs + 1) * shape.count }, (_, k) => k % (shape.outputs + 1))
  return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => ({ ...shape, order }))
})

test('joins the gradients from every output, the last first, whenever they and the count come', () => {
  fc.assert(
    fc.property(courses, ({ outputs, count, order }) => {
      const streams = Array.from({ length: outputs }, () => new Subject<GradientBatch>())
      const count$ = new Subject<number>()
      const joined: ReturnedBatch[] = []
      let completed = false
      const sources = streams.map((gradients$, k) => ({ sums: sumsOf(2 * k), gradients$ }))
      collectReturned(sources, count$).subscribe({
        next: (batch) => joined.push(batch),
        complete: () => {
          completed = true
        },
      })
      const given = streams.map(() => 0)
      let counted = false
      for (const k of order) {
        if (k < 0) {
          counted = true
          count$.next(count)
        } else streams[k]!.next(gradientsOf(k, count - 1 - given[k]!++))
        const complete = outputs === 0 ? count : Math.min(...given)
        expect(joined).toHaveLength(counted ? complete : 0)
        expect(completed).toBe(counted && complete === count)
      }
      expect(joined).toEqual(
        Array.from({ length: count }, (_, from) => {
          const sequence = count - 1 - from
          return {
            sequence,
            returned: streams.map((_, k) => ({ ...sumsOf(2 * k), values: gradientsOf(k, sequence).values })),
          }
        }),
      )
      expect([...streams, count$].some((stream) => stream.observed)).toBe(false)
    }),
  )
})

test('joins the gradients of micro-batches, the first first, each once it is ready and all outputs have returned them', () => {
  fc.assert(
    fc.property(microBatched, ({ outputs, count, order }) => {
      const streams = Array.from({ length: outputs }, () => new Subject<GradientBatch>())
      const ready$ = new Subject<void>()
      const joined: ReturnedBatch[] = []
      let completed = false
      const sources = streams.map((gradients$, k) => ({ sums: sumsOf(2 * k), gradients$ }))
      collectMicroBatches(sources, ready$, count).subscribe({
        next: (batch) => joined.push(batch),
        complete: () => {
          completed = true
        },
      })
      const given = streams.map(() => 0)
      let ready = 0
      for (const k of order) {
        if (k === outputs) {
          ready++
          ready$.next()
        } else streams[k]!.next(gradientsOf(k, given[k]!++))
        expect(joined).toHaveLength(Math.min(ready, ...given))
        expect(completed).toBe(joined.length === count)
      }
      expect(joined).toEqual(
        Array.from({ length: count }, (_, sequence) => ({
          sequence,
          returned: streams.map((_, k) => ({ ...sumsOf(2 * k), values: gradientsOf(k, sequence).values })),
        })),
      )
      expect([...streams, ready$].some((stream) => stream.observed)).toBe(false)
    }),
  )
})

describe('marbles', () => {
  const batches = { 0: gradientsOf(0, 0), 1: gradientsOf(0, 1), 2: gradientsOf(0, 2) }
  const joinedOf = (sequence: number) => ({
    sequence,
    returned: [{ ...sumsOf(7), values: gradientsOf(0, sequence).values }],
  })

  function marbles(work: Parameters<TestScheduler['run']>[0]): void {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work)
  }

  test('gradients wait for the count', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('       --1--0------', batches)
      const count = hot('   ---------c--', { c: 2 })
      const joined = '      ---------(xy|)'
      expectObservable(collectReturned([{ sums: sumsOf(7), gradients$: a }], count)).toBe(joined, {
        x: joinedOf(1),
        y: joinedOf(0),
      })
      expectSubscriptions(a.subscriptions).toBe('^--------!')
      expectSubscriptions(count.subscriptions).toBe('^--------!')
    })
  })

  test('the count waits for the slowest output', () => {
    marbles(({ hot, expectObservable }) => {
      const a = hot('       --1--0------', batches)
      const b = hot('       ----1-----0-', batches)
      const joined = '      ----x-----(y|)'
      const returned = (sequence: number) =>
        [3, 7].map((order) => ({ ...sumsOf(order), values: gradientsOf(0, sequence).values }))
      const sources = [
        { sums: sumsOf(3), gradients$: a },
        { sums: sumsOf(7), gradients$: b },
      ]
      expectObservable(collectReturned(sources, of(2))).toBe(joined, {
        x: { sequence: 1, returned: returned(1) },
        y: { sequence: 0, returned: returned(0) },
      })
    })
  })

  test.each([
    { course: '--1--1', broken: '--x--#', stray: 1, expected: 0 },
    { course: '--0', broken: '--#', stray: 0, expected: 1 },
    { course: '--2', broken: '--#', stray: 2, expected: 1 },
  ])('gradients that are not the next are a bug: $course', ({ course, broken, stray, expected }) => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot(course, batches)
      const message = `Gradients of batch ${stray} of "s" came in place of those of ${expected}.`
      expectObservable(collectReturned([{ sums: sumsOf(7), gradients$: a }], of(2))).toBe(
        broken,
        { x: joinedOf(1) },
        new InternalError(message),
      )
      expectSubscriptions(a.subscriptions).toBe(`^${broken.slice(1).replace('#', '!').replace('x', '-')}`)
    })
  })

  test('of micro-batches gradients in place of the next are a bug', () => {
    marbles(({ hot, expectObservable }) => {
      const a = hot('       --1', batches)
      const ready = hot('   r--')
      const message = 'Gradients of batch 1 of "s" came in place of those of 0.'
      expectObservable(collectMicroBatches([{ sums: sumsOf(7), gradients$: a }], ready, 2)).toBe(
        '--#',
        {},
        new InternalError(message),
      )
    })
  })

  test('without outputs nothing returns for every batch, at once', () => {
    marbles(({ expectObservable }) => {
      expectObservable(collectReturned([], of(2))).toBe('(xy|)', {
        x: { sequence: 1, returned: [] },
        y: { sequence: 0, returned: [] },
      })
    })
  })

  test('without batches there is nothing to wait for', () => {
    marbles(({ expectObservable }) => {
      expectObservable(collectReturned([{ sums: sumsOf(7), gradients$: NEVER }], of(0))).toBe('|')
    })
  })

  test('nobody is listened to once the receiver has gone', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('       --1--0------', batches)
      const count = hot('   -------c----', { c: 2 })
      expectObservable(collectReturned([{ sums: sumsOf(7), gradients$: a }], count), '^--!').toBe('----')
      expectSubscriptions(a.subscriptions).toBe('^--!')
      expectSubscriptions(count.subscriptions).toBe('^--!')
    })
  })
})
