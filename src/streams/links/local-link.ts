import { NEVER, Subject } from 'rxjs'
import type { Deliver } from '../deliver.js'
import type { Link } from '../link.js'
import type { Message } from '../message.js'
import { inOrder } from '../pathways/in-order.js'
import { nameOfLink, nameOfSide } from './link-options.js'
import { createTrafficCounter, type UseOf } from './traffic-counter.js'

/**
 * The two ends of a link within one process: messages are handed over as they are, vectors as copies, and none waits for a
 * credit. No bytes are counted, for there are none.
 *
 * @param deliver decides when a message arrives; each direction keeps its order whatever it does
 * @param useOf see `LinkOptions`
 */
export function createLocalLinks(
  low: number,
  high: number,
  deliver: Deliver,
  useOf: UseOf = () => 'neurons',
): { readonly low: Link; readonly high: Link } {
  const [toLow, toHigh] = [createDirection(deliver, useOf), createDirection(deliver, useOf)]
  const endOf = (own: number, peer: number, inward: Direction, outward: Direction): Link => ({
    name: nameOfLink(own, peer),
    peer: nameOfSide(peer),
    opened: Promise.resolve(),
    messages$: inward.messages$.asObservable(),
    send: outward.send,
    credit: () => Infinity,
    writable$: NEVER,
    release: () => undefined,
    watch: () => undefined,
    unheard: 0,
    beat: () => undefined,
    flushed: () => null,
    sent: outward.traffic,
    received: inward.traffic,
    fail(error) {
      outward.messages$.error(error)
      inward.messages$.complete()
    },
    async close() {
      outward.messages$.complete()
    },
  })
  return { low: endOf(low, high, toLow, toHigh), high: endOf(high, low, toHigh, toLow) }
}

interface Direction {
  readonly messages$: Subject<Message>
  readonly traffic: Link['sent']
  send(message: Message): void
}

function createDirection(deliver: Deliver, useOf: UseOf): Direction {
  const messages$ = new Subject<Message>()
  const traffic = createTrafficCounter(() => 0, useOf)
  const post = inOrder<Message>(deliver, (message) => messages$.next(message))
  return {
    messages$,
    traffic,
    send(message) {
      traffic.count(message)
      // Its sender may write to a vector that it has sent.
      post(message.kind === 'vector' ? { ...message, values: message.values.slice() } : message)
    },
  }
}
