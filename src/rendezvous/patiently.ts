import type { Clock } from '../streams/clock.js'
import { startWaiting } from '../streams/waiting.js'
import type { RendezvousNumbers } from './rendezvous-numbers.js'

export interface Patience {
  readonly clock: Clock
  readonly numbers: Pick<RendezvousNumbers, 'patience' | 'firstPause' | 'longestPause'>
  /** Whether another try may succeed. */
  readonly isPassing: (error: unknown) => boolean
  /** What is raised when the patience is used up. */
  readonly giveUp: (tries: number, last: unknown) => Error
}

/** Tries something again, with growing pauses, until it succeeds, fails for good, or the patience is used up. */
export async function patiently<Result>(attempt: () => Promise<Result>, options: Patience): Promise<Result> {
  const { clock, numbers, isPassing, giveUp } = options
  using waiting = startWaiting(clock, numbers.patience)
  let pause = numbers.firstPause
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isPassing(error)) throw error
      if (pause >= waiting.left) throw giveUp(tries, error)
    }
    await rest(clock, pause)
    pause = Math.min(2 * pause, numbers.longestPause)
  }
}

export function rest(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = clock.every(ms, () => {
      stop()
      resolve()
    })
  })
}
