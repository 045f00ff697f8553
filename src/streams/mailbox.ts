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

/**
 * A mailbox that empties itself in a microtask: a message starts it, and it continues until it is empty.
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
    // It never rejects, and the mailbox continues when it resolves.
    else void awaited.then(goOn)
  }
  return (message) => {
    mailbox.deliver(message)
    if (isDue) return
    isDue = true
    queueMicrotask(empty)
  }
}
