import { expect, test } from 'vitest'
import { startWaiting } from '../../src/streams/waiting.js'
import { createManualClock } from '../suites/link-fixture.js'

const LIMITS = [1, 3, 500, 30_000, 10 ** 6]

/** A wait, and how often it was over. */
function waitFor(limit: number) {
  const clock = createManualClock()
  let ends = 0
  const waiting = startWaiting(clock, limit, () => void ends++)
  return { clock, waiting, ends: () => ends }
}

test.each(LIMITS)('a wait of %i ms is over then, once, and not before', (limit) => {
  const { clock, waiting, ends } = waitFor(limit)
  clock.advance(0.999 * limit)
  expect([ends(), waiting.isOver]).toEqual([0, false])
  clock.advance(0.002 * limit)
  expect([ends(), waiting.isOver, waiting.left, waiting.waited]).toEqual([1, true, 0, limit])
  clock.advance(3 * limit)
  expect([ends(), clock.ticking]).toEqual([1, 0])
})

test.each([500, 30_000])('whatever a process slept is added to a wait of %i ms', (limit) => {
  for (const before of [0, 0.5, 0.999]) {
    const { clock, waiting, ends } = waitFor(limit)
    clock.advance(before * limit)
    const { left } = waiting
    clock.jump(45_000)
    expect([waiting.left, ends()]).toEqual([left, 0])
    clock.advance(0.999 * left)
    // Others have a part of the limit at least to be heard in, however late it was when the process fell asleep.
    expect(ends()).toBe(0)
    clock.advance(0.002 * limit)
    expect(ends()).toBe(1)
  }
})

test('a process that is never in time gives up all the same', () => {
  const { clock, ends } = waitFor(30_000)
  for (let k = 0; k < 200; k++) clock.jump(2000)
  expect(ends()).toBe(1)
})

test('a wait for nothing is over at once, one without a limit never, and one that is given up says no more', () => {
  expect(startWaiting(createManualClock(), 0).isOver).toBe(true)
  const endless = waitFor(Number.POSITIVE_INFINITY)
  endless.clock.advance(10 ** 6)
  expect([endless.ends(), endless.waiting.isOver, endless.waiting.left]).toEqual([0, false, Number.POSITIVE_INFINITY])
  const dropped = waitFor(1000)
  dropped.waiting[Symbol.dispose]()
  dropped.clock.advance(10 ** 6)
  expect([dropped.ends(), dropped.clock.ticking]).toEqual([0, 0])
})
