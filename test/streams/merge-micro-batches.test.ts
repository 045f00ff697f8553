import fc from 'fast-check'
import { Subject } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test } from 'vitest'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import { type MicroBatch, mergeMicroBatches } from '../../src/streams/merge-micro-batches.js'
import { spikeBatch } from './batches.js'

const batchOf = (input: number, number: number) => spikeBatch(number, 0, 10, `stream ${input}`)

/** Whose batch comes next, over and over until each stream has brought all. */
const courses = fc
  .record({ inputs: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 6 }) })
  .chain(({ inputs, count }) => {
    const turns = Array.from({ length: inputs * count }, (_, k) => k % inputs)
    return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => ({ inputs, count, order }))
  })

test('hands on each micro-batch as soon as every input has brought it, in the order of the inputs', () => {
  fc.assert(
    fc.property(courses, ({ inputs, count, order }) => {
      const streams = Array.from({ length: inputs }, () => new Subject<SpikeBatch>())
      const merged: MicroBatch[] = []
      let completed = false
      mergeMicroBatches(streams, count).subscribe({
        next: (part) => merged.push(part),
        complete: () => {
          completed = true
        },
      })
      const brought = streams.map(() => 0)
      for (const input of order) {
        streams[input]!.next(batchOf(input, brought[input]!++))
        expect(merged).toHaveLength(Math.min(...brought))
      }
      const expected = Array.from({ length: count }, (_, number) => ({
        number,
        received: streams.map((_, input) => batchOf(input, number)),
      }))
      expect(merged).toEqual(expected)
      expect({ completed, observed: streams.some(({ observed }) => observed) }).toEqual({
        completed: true,
        observed: false,
      })
    }),
  )
})

describe('marbles', () => {
  const batches = { 0: batchOf(0, 0), 1: batchOf(0, 1) }
  const part = (number: number, inputs: number): MicroBatch => ({
    number,
    received: Array.from({ length: inputs }, () => batches[number as 0 | 1]),
  })

  function marbles(work: Parameters<TestScheduler['run']>[0]): void {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work)
  }

  test('the fast stream waits for the slow one', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('       --0--1------', batches)
      const b = hot('       ----0---1---', batches)
      const merged = '      ----x---(y|)'
      expectObservable(mergeMicroBatches([a, b], 2)).toBe(merged, { x: part(0, 2), y: part(1, 2) })
      expectSubscriptions(a.subscriptions).toBe('^-------!')
    })
  })

  test('without inputs all are there at once', () => {
    marbles(({ expectObservable }) => {
      expectObservable(mergeMicroBatches([], 2)).toBe('(xy|)', { x: part(0, 0), y: part(1, 0) })
    })
  })

  test('an input that fails ends it', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(mergeMicroBatches([hot('--0--#', batches)], 2)).toBe('--x--#', { x: part(0, 1) })
    })
  })
})
