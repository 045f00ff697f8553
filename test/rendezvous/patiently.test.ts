import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { patiently } from '../../src/rendezvous/patiently.js'
import { createManualClock } from '../suites/link-fixture.js'

const PASSING = new Error('not yet')

test('pauses grow to the longest, until the patience is used up', async () => {
  const clock = createManualClock()
  const tried: number[] = []
  let isOver = false
  const attempt = () => {
    tried.push(clock.now())
    return Promise.reject(PASSING)
  }
  const trying = patiently(attempt, {
    clock,
    numbers: { patience: 100, firstPause: 1, longestPause: 10 },
    isPassing: (error) => error === PASSING,
    giveUp: (tries, last) => Object.assign(new Error('gave up'), { tries, last }),
  }).finally(() => {
    isOver = true
  })
  const ending = expect(trying).rejects.toMatchObject({ message: 'gave up', last: PASSING })
  for (let step = 0; step < 1000 && !isOver; step++) {
    await setImmediate()
    clock.advance(0.5)
  }
  await ending
  const pauses = tried.slice(1).map((time, k) => time - (tried[k] as number))
  expect(pauses.slice(0, 5)).toEqual([1, 2, 4, 8, 10])
  expect(new Set(pauses.slice(5))).toEqual(new Set([10]))
  expect(tried.at(-1)).toBeGreaterThan(80)
  expect(tried.at(-1)).toBeLessThan(120)
})
