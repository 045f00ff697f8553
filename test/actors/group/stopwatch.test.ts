import { expect, test } from 'vitest'
import { observedComponent } from '../../../src/actors/group/observed-component.js'
import { createStopwatch, timingOf } from '../../../src/actors/group/stopwatch.js'
import type { ComponentKernel } from '../../../src/dynamics/kernels/component-kernel.js'

/** Time, in any unit, that passes only when it is told to. */
function clock() {
  let time = 1000
  return {
    now: () => time,
    pass(span: number) {
      time += span
    },
  }
}

test('a stopwatch measures work alone, also of what raises, and goes on afterwards', () => {
  const { now, pass } = clock()
  const stopwatch = createStopwatch(now)
  const fails = {
    advance() {
      pass(3)
      throw new Error('no further')
    },
    takeReturned() {
      pass(5)
      return []
    },
    nextEvent() {
      pass(50)
      return 7
    },
  }
  const timed = observedComponent(fails as unknown as ComponentKernel, [timingOf(stopwatch)])
  expect(stopwatch.total).toBe(0)
  expect(() => timed.advance(1)).toThrow('no further')
  expect(stopwatch.total).toBe(3)
  pass(100)
  expect(timed.takeReturned()).toEqual([])
  expect(stopwatch.total).toBe(8)
  // Only verbs are work.
  expect(timed.nextEvent()).toBe(7)
  expect(stopwatch.total).toBe(8)
})
