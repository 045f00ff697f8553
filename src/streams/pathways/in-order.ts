import type { Deliver } from '../deliver.js'
import { createFifo } from '../fifo.js'

/** Sends messages through `deliver` in their order: whichever delivery comes first takes the oldest message. */
export function inOrder<Message>(deliver: Deliver, receive: (message: Message) => void): (message: Message) => void {
  const waiting = createFifo<Message>()
  return (message) => {
    waiting.push(message)
    deliver(() => receive(waiting.take()))
  }
}
