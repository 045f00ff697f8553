import type { Clock } from '../../../src/streams/clock.js'

/** Limits at which silence is soon found. */
export const QUICK = { heartbeat: 100, silence: 600 }

export function createRealClock(): Clock {
  return {
    now: () => performance.now(),
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      return () => clearInterval(timer)
    },
  }
}
