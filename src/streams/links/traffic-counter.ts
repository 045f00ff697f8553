import type { LinkTraffic } from '../link.js'
import type { Message } from '../message.js'

/** Counts what goes one way. */
export interface TrafficCounter extends LinkTraffic {
  count(message: Message): void
}

/** @param bytes what went so far, headers and everything that keeps the link going included */
export function createTrafficCounter(bytes: () => number): TrafficCounter {
  let spikes = 0
  let gradientEvents = 0
  let messages = 0
  return {
    get spikes() {
      return spikes
    },
    get gradientEvents() {
      return gradientEvents
    },
    get messages() {
      return messages
    },
    get bytes() {
      return bytes()
    },
    count(message) {
      messages++
      if (message.kind === 'spikes') spikes += message.batch.times.length
      else if (message.kind === 'gradients') gradientEvents += message.batch.values.length
    },
  }
}
