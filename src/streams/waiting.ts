import type { Clock } from './clock.js'

/** A wait that has a limit. */
export interface Waiting extends Disposable {
  /** In ms. */
  readonly limit: number
  /** In ms, as far as this process was awake. */
  readonly waited: number
  /** What is left of the limit, in ms. */
  readonly left: number
  readonly isOver: boolean
}

/** Longest time between two looks at a wait, in ms. */
const LONGEST_TICK = 500
/** Minimum number of ticks of a wait, unless they would be shorter than 1 ms. */
const LEAST_TICKS = 4
/** Number of its periods after which a tick is late. */
const LATE_PERIODS = 2

/**
 * Begins to wait for others. Whatever this package waits for, and gives up after a time, it waits for so.
 *
 * The time is counted in ticks. A process that was stopped, or that slept with its machine, or that did nothing but compute,
 * received nothing meanwhile. That shows in a tick that comes late; such a tick does not count, and what has arrived
 * meanwhile is read before the next one. Of two late ticks in a row the second one counts, so that every wait ends.
 *
 * @param limit in ms; Infinity: the wait has no end
 * @param onOver called once, when the limit is over
 */
export function startWaiting(clock: Clock, limit: number, onOver: () => void = () => undefined): Waiting {
  const most = Math.max(1, Math.min(Math.ceil(limit), Math.max(LEAST_TICKS, Math.ceil(limit / LONGEST_TICK))))
  const tick = limit === Number.POSITIVE_INFINITY ? LONGEST_TICK : limit / most
  let [ticks, wasLate, last] = [0, false, clock.now()]
  const stop = clock.every(tick, () => {
    const now = clock.now()
    wasLate = !wasLate && now - last > LATE_PERIODS * tick
    last = now
    if (wasLate) return
    ticks++
    if (ticks < most) return
    stop()
    onOver()
  })
  return {
    limit,
    get waited() {
      return ticks * tick
    },
    get left() {
      return Math.max(0, limit - ticks * tick)
    },
    get isOver() {
      return ticks >= most || limit <= 0
    },
    [Symbol.dispose]: stop,
  }
}

/** Timers, such as those of a life cycle, that are waits. */
export interface WaitingTimers {
  setTimeout(onOver: () => void, ms: number): Waiting
  clearTimeout(waiting: Waiting): void
}

export function waitingTimers(clock: Clock): WaitingTimers {
  return {
    setTimeout: (onOver, ms) => startWaiting(clock, ms, onOver),
    clearTimeout: (waiting) => waiting[Symbol.dispose](),
  }
}
