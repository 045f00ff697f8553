import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEpochGuards, createFirstOrders, fenced } from '../../../src/actors/fleet/epoch-guards.js'
import { isLater, isSameStart, type OrderEpoch } from '../../../src/actors/fleet/order-epoch.js'

const ofRun = (runs: fc.Arbitrary<string>): fc.Arbitrary<OrderEpoch> =>
  fc.record({ run: runs, epoch: fc.nat(3), start: fc.integer({ min: 1, max: 3 }) })
const ofOneRun = ofRun(fc.constant('a'))
const ofAnyRun = ofRun(fc.constantFrom('a', 'b'))

describe('stamps of a run', () => {
  test('are in a total order: of two that differ exactly one is later', () => {
    fc.assert(
      fc.property(ofOneRun, ofOneRun, (one, other) => {
        const cases = [isLater(one, other), isLater(other, one), isSameStart(one, other)]
        expect(cases.filter(Boolean).length).toBe(1)
      }),
    )
  })

  test('what is later than a later one is later', () => {
    fc.assert(
      fc.property(ofOneRun, ofOneRun, ofOneRun, (a, b, c) => {
        if (isLater(a, b) && isLater(b, c)) expect(isLater(a, c)).toBe(true)
      }),
    )
  })

  test('every start of a later epoch is later than any of an earlier one', () => {
    fc.assert(
      fc.property(ofOneRun, ofOneRun, (one, other) => {
        if (one.epoch > other.epoch) expect(isLater(one, other)).toBe(true)
      }),
    )
  })
})

describe('fences', () => {
  test('stand at the highest stamp of each run, and refuse what is below with both', () => {
    fc.assert(
      fc.property(fc.array(ofAnyRun), (stamps) => {
        const fences = createEpochGuards()
        const highest = new Map<string, OrderEpoch>()
        for (const stamp of stamps) {
          const known = highest.get(stamp.run)
          if (known !== undefined && isLater(known, stamp)) {
            const details = { run: stamp.run, epoch: stamp.epoch, latest: known.epoch }
            expect(() => fences.raise(stamp)).toThrow(expect.objectContaining({ code: 'WORKER_FENCED', details }))
          } else {
            fences.raise(stamp)
            highest.set(stamp.run, stamp)
          }
          for (const run of ['a', 'b']) expect(fences.latest(run)).toEqual(highest.get(run) ?? null)
        }
      }),
    )
  })

  test('remember many runs, those that were raised last', () => {
    const fences = createEpochGuards()
    const stamp = (k: number) => ({ run: `run ${k}`, epoch: 0, start: 1 })
    for (let k = 0; k <= 10_000; k++) {
      fences.raise(stamp(k))
      if (k === 5000) fences.raise(stamp(0))
    }
    expect(fences.latest('run 0')).toEqual(stamp(0))
    expect(fences.latest('run 1')).toBeNull()
    expect(fences.latest('run 10000')).toEqual(stamp(10_000))
  })
})

test.each([
  [{ run: 'a', epoch: 3, start: 2 }, 'the worker knows of run a, epoch 3, start 2.'],
  [{ epoch: 4 }, 'the worker knows of epoch 4.'],
  [null, 'the worker knows of no coordinator that leads the run now.'],
])('whoever is refused learns what is known: %o', (known, words) => {
  const { message } = fenced({ run: 'a', epoch: 2, start: 1 }, known)
  expect(message).toBe(
    `An order of run a, epoch 2, start 1 was refused: ${words} Another coordinator has taken over the run, or its lease is gone; leave it to that one, or go on from its checkpoints with --resume.`,
  )
})

test('an order is obeyed once per start and process, whatever came of it', async () => {
  const orders = createFirstOrders<number>()
  let times = 0
  const work = async () => ++times
  const first = { run: 'a', epoch: 0, start: 1 }
  expect(await Promise.all([orders.take(first, 0, work), orders.take({ ...first }, 0, work)])).toEqual([1, 1])
  expect(await orders.take(first, 1, work)).toBe(2)
  expect(await orders.take({ ...first, run: 'b' }, 0, work)).toBe(3)
  expect(await orders.take({ ...first, start: 2 }, 0, work)).toBe(4)
  const fail = () => Promise.reject(new Error(`failure ${++times}`))
  for (let k = 0; k < 2; k++) await expect(orders.take(first, 2, fail)).rejects.toThrow('failure 5')
})
