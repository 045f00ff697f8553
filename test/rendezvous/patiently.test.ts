import { expect, test } from 'vitest'
import { patiently } from '../../src/rendezvous/patiently.js'
import type { Clock } from '../../src/streams/clock.js'

/** A clock that goes on to the end of each pause at once; notes how long these are. */
function hurriedClock() {
  let now = 0
  const pauses: number[] = []
  const clock: Clock = {
    now: () => now,
    every(ms, tick) {
      pauses.push(ms)
      queueMicrotask(() => {
        now += ms
        tick()
      })
      return () => undefined
    },
  }
  return { clock, pauses }
}

const PASSING = new Error('not yet')

test.each([
  { patience: 100, pauses: [1, 2, 4, 8, 10, 10, 10, 10, 10, 10, 10, 10] },
  { patience: 5, pauses: [1, 2] },
])('pauses grow to the longest, until a patience of $patience is used up', async ({ patience, pauses: expected }) => {
  const { clock, pauses } = hurriedClock()
  const trying = patiently(() => Promise.reject(PASSING), {
    clock,
    numbers: { patience, firstPause: 1, longestPause: 10 },
    isPassing: (error) => error === PASSING,
    giveUp: (tries, last) => Object.assign(new Error('gave up'), { tries, last }),
  })
  await expect(trying).rejects.toMatchObject({ message: 'gave up', tries: expected.length + 1, last: PASSING })
  expect(pauses).toEqual(expected)
})
