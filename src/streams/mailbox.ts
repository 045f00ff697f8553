import type { Deliver } from './deliver.js'

/** The messages on their way within one process. */
export interface Mailbox {
  readonly deliver: Deliver
  /** Delivers until nothing is on its way, past messages that throw; then throws what the first of them did. */
  drain(): void
}

/**
 * First in, first out, without recursion: a message sent while another is being delivered waits its turn, so a cycle of
 * actors never grows the stack.
 */
export function createMailbox(): Mailbox {
  let waiting: (() => void)[] = []
  let isDraining = false
  return {
    deliver(message) {
      waiting.push(message)
    },
    drain() {
      if (isDraining) return
      isDraining = true
      let thrown: { readonly error: unknown } | null = null
      while (waiting.length > 0) {
        const batch = waiting
        waiting = []
        for (const message of batch) {
          try {
            message()
          } catch (error) {
            thrown ??= { error }
          }
        }
      }
      isDraining = false
      if (thrown !== null) throw thrown.error
    },
  }
}
