import { setTimeout } from 'node:timers/promises'
import { systemClock } from '../../src/streams/system-clock.js'
import { startWaiting } from '../../src/streams/waiting.js'

/** In ms; longer than anything takes that comes at all, on a busy machine, too. */
const GIVES_UP_AFTER = 300_000

/**
 * Waits until something holds. Rejects after five minutes, with the condition.
 *
 * @param pause between two looks
 */
export async function eventually(
  holds: () => boolean,
  pause: () => Promise<unknown> = () => setTimeout(5),
): Promise<void> {
  using waiting = startWaiting(systemClock(), GIVES_UP_AFTER)
  while (!holds()) {
    if (waiting.isOver) throw new Error(`this did not hold within five minutes: ${holds}`)
    await pause()
  }
}
