import type { Clock } from './clock.js'

/** The clock of this machine, which no change of the date moves. */
export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      return () => clearInterval(timer)
    },
  }
}
