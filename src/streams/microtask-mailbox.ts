import type { Deliver } from './deliver.js'
import { createMailbox } from './mailbox.js'

/**
 * A mailbox that empties itself, soon: a message starts it, and it goes on until nothing is on its way.
 *
 * @param idle called whenever it has run empty, also past a message that has thrown
 */
export function createMicrotaskMailbox(idle: () => void = () => undefined): Deliver {
  const mailbox = createMailbox()
  let isDue = false
  return (message) => {
    mailbox.deliver(message)
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      try {
        mailbox.drain()
      } finally {
        isDue = false
        idle()
      }
    })
  }
}
