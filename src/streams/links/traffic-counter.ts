import type { LinkTraffic, StreamUse, TrafficSplit } from '../link.js'
import type { Message } from '../message.js'

/** Counts what goes one way. */
export interface TrafficCounter extends LinkTraffic {
  count(message: Message): void
  /** A frame that is no message. */
  countControl(): void
}

/** What a stream is for. */
export type UseOf = (stream: number) => StreamUse

/** @param bytes what went so far, headers and everything that keeps the link going included */
export function createTrafficCounter(bytes: () => number, useOf: UseOf): TrafficCounter {
  const split = noTraffic()
  let messages = 0
  return {
    get spikes() {
      return split.spikes + split.lossSpikes
    },
    get gradientEvents() {
      return split.gradients + split.lossGradients
    },
    get messages() {
      return messages
    },
    get bytes() {
      return bytes()
    },
    get split() {
      return { ...split }
    },
    count(message) {
      messages++
      addMessage(split, message, useOf)
    },
    countControl() {
      split.control++
    },
  }
}

type Counting = { -readonly [Part in keyof TrafficSplit]: number }

function noTraffic(): Counting {
  return {
    spikes: 0,
    gradients: 0,
    lossSpikes: 0,
    lossGradients: 0,
    lossValues: 0,
    sharedValues: 0,
    listeners: 0,
    control: 0,
  }
}

function addMessage(split: Counting, message: Message, useOf: UseOf): void {
  switch (message.kind) {
    case 'spikes':
      split[useOf(message.stream) === 'loss' ? 'lossSpikes' : 'spikes'] += message.batch.times.length
      break
    case 'gradients':
      split[useOf(message.stream) === 'loss' ? 'lossGradients' : 'gradients'] += message.batch.values.length
      break
    case 'vector':
      split[useOf(message.stream) === 'loss' ? 'lossValues' : 'sharedValues'] += message.values.length
      break
    case 'listeners':
      split.listeners++
      break
    case 'value':
      split.control++
  }
}
