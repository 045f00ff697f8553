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

/** Calls a function in another turn of the event loop, after the timers and messages that are due. */
export function afterTurn(work: () => void): void {
  // Timers are in every engine, but later.
  if (typeof setImmediate === 'function') setImmediate(work)
  else setTimeout(work)
}
