import { Subject } from 'rxjs'
import { InternalError } from '../../events/errors.js'
import type { LinkErrorCode, Watermark } from '../link-error.js'
import { type Message, runOfMessage } from '../message.js'
import { decodeCredits, encodeCredits, MOST_RETURNS } from '../wire/credit-payload.js'
import { type FrameKind, HEADER_BYTES } from '../wire/frame.js'
import type { FramePool } from '../wire/frame-pool.js'
import { decodeMessage, encodeMessage } from '../wire/message-codec.js'
import { nameStream } from '../wire/stream-name.js'
import { createReceiveCredits, createSendCredits, type SendCredits } from './credits.js'
import type { Received } from './incoming.js'
import type { LinkLimits } from './link-limits.js'
import type { LinkOptions } from './link-options.js'
import type { TrafficCounter } from './traffic-counter.js'

/** The side of a link that messages go out from and come in at. */
export interface MessageCarrier {
  name(): string
  peer(): string
  isOpen(): boolean
  readonly sent: TrafficCounter
  readonly received: TrafficCounter
  post(kind: FrameKind, frame: Uint8Array, run?: number): void
  failBoth(code: LinkErrorCode, what: string): void
  /** See `Port.frames`. */
  readonly frames: FramePool | undefined
}

/** The messages of a link, and the credits by which spikes go over it. */
export class MessageExchange {
  readonly messages$ = new Subject<Message>()
  /** Streams for which there are credits again. */
  readonly writable$ = new Subject<number>()
  readonly #carrier: MessageCarrier
  readonly #limits: LinkLimits
  readonly #nameOf: LinkOptions['nameOf']
  readonly #receiveCredits
  /** Null until the peer has said how many there are. */
  #sendCredits: SendCredits | null = null
  #watermark: Watermark | null = null

  constructor(carrier: MessageCarrier, limits: LinkLimits, nameOf: LinkOptions['nameOf']) {
    this.#carrier = carrier
    this.#limits = limits
    this.#nameOf = nameOf
    this.#receiveCredits = createReceiveCredits(limits.credits)
  }

  /** Whether the peer has said how many windows of a stream it takes. */
  get isAgreed(): boolean {
    return this.#sendCredits !== null
  }

  /** Of the last spikes that came. */
  get watermark(): Watermark | null {
    return this.#watermark
  }

  agree(credits: number): void {
    this.#sendCredits = createSendCredits(credits)
  }

  credit(stream: number): number {
    return this.#sendCredits?.left(stream) ?? 0
  }

  send(message: Message): void {
    if (this.#sendCredits === null)
      throw new InternalError(`A message was sent over ${this.#carrier.name()} before it was open.`)
    const frame = encodeMessage(message, this.#carrier.frames)
    const size = frame.byteLength - HEADER_BYTES
    const { maxMessage } = this.#limits
    if (size > maxMessage) {
      const what = `a message (${message.kind}) of ${size} bytes is larger than ${maxMessage}`
      this.#carrier.failBoth('LINK_MESSAGE_TOO_LARGE', what)
      return
    }
    if (message.kind === 'spikes') this.#sendCredits.spend(message.stream)
    this.#carrier.sent.count(message)
    this.#carrier.post(message.kind, frame, runOfMessage(message))
  }

  /** Gives a window of a stream back, later. */
  release(stream: number): void {
    if (!this.#receiveCredits.release(stream) || !this.#carrier.isOpen()) return
    for (;;) {
      const due = this.#receiveCredits.due(MOST_RETURNS)
      if (due.length === 0) return
      this.#carrier.post('credit', encodeCredits(due))
    }
  }

  hearCredits({ payload }: Received): void {
    for (const entry of decodeCredits(payload)) {
      nameStream(entry.stream, this.#nameOf)
      const back = this.#sendCredits?.returned(entry) ?? null
      if (back === null) {
        const what = `${this.#carrier.peer()} gave back ${entry.windows} windows of stream ${entry.stream}, more than it had`
        this.#carrier.failBoth('LINK_CREDIT_EXCEEDED', what)
        return
      }
      // The listener may have ended the link meanwhile.
      if (back.isReopened && this.#carrier.isOpen()) this.writable$.next(entry.stream)
    }
  }

  hear(whole: Received): void {
    const message = decodeMessage(whole, this.#nameOf)
    if (message.kind === 'spikes') {
      const { stream, batch } = message
      if (!this.#receiveCredits.take(stream)) {
        const what = `${this.#carrier.peer()} sent more than ${this.#limits.credits} windows of stream ${stream}, "${batch.stream}"`
        this.#carrier.failBoth('LINK_CREDIT_EXCEEDED', what)
        return
      }
      this.#watermark = { stream: batch.stream, end: batch.window.end }
    }
    this.#carrier.received.count(message)
    this.messages$.next(message)
  }

  /** @param error default: the link was closed */
  end(error?: Error): void {
    if (error === undefined) this.messages$.complete()
    else this.messages$.error(error)
    this.writable$.complete()
  }
}
