import type { Deliver } from './deliver.js'
import { createMailbox } from './mailbox.js'

/**
 * A mailbox that empties itself, soon: a message starts it, and it goes on until nothing is on its way.
 *
 * @param idle called whenever it has run empty, also past a message that has thrown
 * @param held asked before each message: null, or what the mailbox has to wait for first, which never rejects;
 *   default: nothing
 */
export function createMicrotaskMailbox(
  idle: () => void = () => undefined,
  held: () => Promise<void> | null = () => null,
): Deliver {
  const mailbox = createMailbox(() => held() !== null)
  let isDue = false
  const empty = () => {
    try {
      mailbox.drain()
    } finally {
      if (mailbox.isEmpty) {
        isDue = false
        idle()
      } else goOn()
    }
  }
  const goOn = () => {
    const awaited = held()
    if (awaited === null) queueMicrotask(empty)
    // It never rejects, and goes on by itself.
    else void awaited.then(goOn)
  }
  return (message) => {
    mailbox.deliver(message)
    if (isDue) return
    isDue = true
    queueMicrotask(empty)
  }
}
