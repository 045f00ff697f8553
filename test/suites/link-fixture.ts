import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/streams/clock.js'
import type { Link } from '../../src/streams/link.js'
import type { LinkError } from '../../src/streams/link-error.js'
import { createLink, type NumberedLink } from '../../src/streams/links/create-link.js'
import type { LinkOptions } from '../../src/streams/links/link-options.js'
import type { Port } from '../../src/streams/links/port.js'
import type { Message } from '../../src/streams/message.js'
import type { LinkIdentity } from '../../src/streams/wire/hello-payload.js'
import { eventually } from '../support/eventually.js'

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advance(ms: number): void
  /** Moves on without a tick in between, as while the event loop stands still; then one tick. */
  jump(ms: number): void
  /** How many still tick. */
  readonly ticking: number
}

export function createManualClock(): ManualClock {
  let time = 0
  const tickers = new Set<{ readonly ms: number; next: number; readonly tick: () => void }>()
  return {
    now: () => time,
    every(ms, tick) {
      const ticker = { ms, next: time + ms, tick }
      tickers.add(ticker)
      return () => tickers.delete(ticker)
    },
    advance(ms) {
      const end = time + ms
      for (;;) {
        const due = [...tickers].sort((a, b) => a.next - b.next)[0]
        if (due === undefined || due.next > end) break
        time = due.next
        due.next += due.ms
        due.tick()
      }
      time = end
    },
    jump(ms) {
      time += ms
      for (const ticker of [...tickers]) {
        ticker.next = time + ticker.ms
        ticker.tick()
      }
    },
    get ticking() {
      return tickers.size
    },
  }
}

/** The two ends of a connection. */
export interface PortPair {
  readonly left: Port
  readonly right: Port
}

/** A connection that stands when one of its ends has vanished. */
export interface FragilePair extends PortPair {
  /** From now on nothing comes or goes, and nobody is told. */
  vanish(): void
}

/** One way to carry frames. */
export interface Carrier {
  readonly name: string
  open(): Promise<PortPair>
  /** Where the connection itself can fall silent; default: frames are dropped before and behind it. */
  openFragile?(): Promise<FragilePair>
  /** After the tests. */
  close?(): Promise<void>
}

export const IDENTITY: LinkIdentity = {
  kernel: 'reference',
  arithmetic: 1,
  network: {
    structureHash: '0123456789abcdef0123456789abcdef',
    placementHash: 'fedcba9876543210fedcba9876543210',
    seed: 7,
  },
}

export const TOKEN = 'a secret that nobody else knows'
/** Streams of the links under test. */
export const NAMES = ['hidden', 'output', 'hidden']

/** Of core 0, which dials, and core 1, which accepts. */
export function optionsOf(side: 'left' | 'right', clock: Clock, changes: Partial<LinkOptions> = {}): LinkOptions {
  return {
    role: side === 'left' ? 'dial' : 'accept',
    index: side === 'left' ? 0 : 1,
    peers: [side === 'left' ? 1 : 0],
    identity: IDENTITY,
    token: TOKEN,
    clock,
    nameOf: (stream) => NAMES[stream],
    ...changes,
  }
}

/** What came over a link, and how it ended. */
export interface Heard {
  readonly messages: Message[]
  readonly writable: number[]
  error: LinkError | null
  isComplete: boolean
}

export function listen(link: Link): Heard {
  const heard: Heard = { messages: [], writable: [], error: null, isComplete: false }
  link.messages$.subscribe({
    next: (message) => heard.messages.push(message),
    error: (error) => {
      heard.error = error
    },
    complete: () => {
      heard.isComplete = true
    },
  })
  link.writable$.subscribe((stream) => heard.writable.push(stream))
  return heard
}

export interface Side {
  readonly link: NumberedLink
  readonly heard: Heard
  readonly clock: ManualClock
}

export function createSide(side: 'left' | 'right', port: Port, changes: Partial<LinkOptions> = {}): Side {
  const clock = createManualClock()
  const link = createLink(port, optionsOf(side, clock, changes))
  return { link, heard: listen(link), clock }
}

/** Lets everything happen until something is true, however long that takes. */
export function until(isTrue: () => boolean): Promise<void> {
  return eventually(isTrue, setImmediate)
}

export const isOver = ({ heard }: Side) => heard.error !== null || heard.isComplete
