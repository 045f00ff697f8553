import type { Deliver } from './deliver.js'
import { createFifo } from './fifo.js'

/** The messages on their way within one process. */
export interface Mailbox {
  readonly deliver: Deliver
  /** Nothing is on its way. */
  readonly isEmpty: boolean
  /**
   * Delivers until nothing is on its way or the mailbox is held, past messages that throw; then throws what the first of
   * them did.
   */
  drain(): void
}

/**
 * First in, first out, without recursion: a message sent while another is being delivered waits its turn, so a cycle of
 * actors never grows the stack.
 *
 * @param isHeld asked before each message; default: it never is
 */
export function createMailbox(isHeld: () => boolean = () => false): Mailbox {
  const waiting = createFifo<() => void>()
  let isDraining = false
  return {
    deliver(message) {
      waiting.push(message)
    },
    get isEmpty() {
      return waiting.size === 0
    },
    drain() {
      if (isDraining) return
      isDraining = true
      let thrown: { readonly error: unknown } | null = null
      while (waiting.size > 0 && !isHeld()) {
        try {
          waiting.take()()
        } catch (error) {
          thrown ??= { error }
        }
      }
      isDraining = false
      if (thrown !== null) throw thrown.error
    },
  }
}
