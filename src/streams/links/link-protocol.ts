import type { Observable } from 'rxjs'
import { AntidromeError, RunError } from '../../events/errors.js'
import { LINK_ERROR_CODES, LinkError, type LinkErrorCode } from '../link-error.js'
import type { Message } from '../message.js'
import { decodeError, type ErrorNote, encodeError } from '../wire/error-payload.js'
import { type FrameKind, HEADER_BYTES, isMessageKind } from '../wire/frame.js'
import { corrupt, FrameFault } from '../wire/frame-fault.js'
import { encodeHello, type Hello } from '../wire/hello-payload.js'
import { checkHello, helloOf } from './handshake.js'
import { createIncoming, type Received } from './incoming.js'
import type { LinkLimits } from './link-limits.js'
import { type LinkOptions, nameOfLink, nameOfSide } from './link-options.js'
import { createLiveness, type Liveness } from './liveness.js'
import { type MessageCarrier, MessageExchange } from './message-exchange.js'
import { createOutgoing } from './outgoing.js'
import type { Port, PortEnding } from './port.js'
import { createSettlement } from './settlement.js'
import { createTrafficCounter, type TrafficCounter } from './traffic-counter.js'

/** Why a link ends with an error. */
export interface Failing {
  readonly code: LinkErrorCode
  /** A clause without a full stop. */
  readonly what: string
  /** The error that is reported to the peer; null: none. */
  readonly note: ErrorNote | null
  readonly cause?: unknown
}

/**
 * What a side of a link is doing; it never goes back.
 *
 *     greeting --good hello--> open --close()--> closing --farewell--> ended
 *
 * A farewell of the peer ends an open link, too, once a farewell has gone back; every failure ends it from wherever it is.
 */
type State = 'greeting' | 'open' | 'closing' | 'ended'

/** One side of a link: what its frames mean, and what follows from them. */
export class LinkProtocol {
  readonly opened = createSettlement()
  readonly messages$: Observable<Message>
  readonly writable$: Observable<number>
  readonly sent: TrafficCounter
  readonly received: TrafficCounter
  readonly #port: Port
  readonly #options: LinkOptions
  readonly #limits: LinkLimits
  readonly #outgoing
  readonly #incoming
  readonly #liveness: Liveness
  readonly #exchange: MessageExchange
  readonly #portEnded = createSettlement()
  #state: State = 'greeting'
  #peerIndex: number | null
  #receivedBytes = 0

  constructor(port: Port, options: LinkOptions, limits: LinkLimits) {
    this.#port = port
    this.#options = options
    this.#limits = limits
    this.#peerIndex = helloOf(options, limits).expected
    const { useOf = () => 'neurons' } = options
    this.#outgoing = createOutgoing(port)
    this.sent = createTrafficCounter(() => this.#outgoing.bytes, useOf)
    this.received = createTrafficCounter(() => this.#receivedBytes, useOf)
    this.#incoming = createIncoming(limits)
    const carrier: MessageCarrier = {
      name: () => this.name,
      peer: () => this.peer,
      isOpen: () => this.#state === 'open',
      sent: this.sent,
      received: this.received,
      post: (kind, frame, run) => this.#post(kind, frame, run),
      failBoth: (code, what) => this.#failBoth(code, what),
      frames: port.frames,
    }
    this.#exchange = new MessageExchange(carrier, limits, options.nameOf)
    this.messages$ = this.#exchange.messages$.asObservable()
    this.writable$ = this.#exchange.writable$.asObservable()
    this.#liveness = createLiveness(options.clock, limits, {
      quiet: () => this.#post('heartbeat', new Uint8Array(HEADER_BYTES)),
      late: () => this.#failAlone('LINK_HANDSHAKE_TIMEOUT', `there was no agreement within ${limits.patience} ms`),
      silent: () => this.#failSilent(),
    })
    // A failed opening also ends the messages with the error, so it need not be awaited here.
    this.opened.promise.catch(() => undefined)
  }

  get name(): string {
    return nameOfLink(this.#options.index, this.#peerIndex)
  }

  get peer(): string {
    return nameOfSide(this.#peerIndex)
  }

  get peerIndex(): number | null {
    return this.#peerIndex
  }

  get unheard(): number {
    return this.#liveness.unheard
  }

  start(): void {
    this.#port.receive({ frame: (bytes) => this.#hear(bytes), end: (ending) => this.#hearEnd(ending) })
    if (this.#options.role === 'dial' && this.#state === 'greeting') this.#introduce()
  }

  credit(stream: number): number {
    return this.#state === 'open' ? this.#exchange.credit(stream) : 0
  }

  send(message: Message): void {
    if (this.#state === 'closing' || this.#state === 'ended') return
    this.#exchange.send(message)
  }

  release(stream: number): void {
    if (this.#state === 'ended') return
    this.#exchange.release(stream)
  }

  watch(): void {
    this.#liveness.watch()
  }

  beat(): void {
    this.#liveness.beat()
  }

  fail({ code, what, note, cause }: Failing): void {
    if (this.#state === 'ended') return
    const context = { link: this.name, peer: this.peer, watermark: this.#exchange.watermark }
    const error = new LinkError({ code, what, ...context, ...(cause === undefined ? {} : { cause }) })
    this.#end()
    if (note !== null) this.#post('error', encodeError(note))
    this.#port.close()
    this.opened.reject(error)
    this.#exchange.end(error)
  }

  giveUp(cause: Error): void {
    const code = cause instanceof AntidromeError ? cause.code : 'UNEXPECTED'
    const isStranger = this.#state === 'greeting' && this.#options.role === 'accept'
    const note = isStranger ? null : { code, message: cause.message }
    this.fail({ code: 'LINK_FAILED', what: `it was ended here: ${cause.message}`, note, cause })
  }

  close(): Promise<void> {
    if (this.#state === 'greeting') {
      this.#post('close', new Uint8Array(HEADER_BYTES))
      this.#failAlone('LINK_CLOSED', 'it was closed before both sides had agreed')
    } else if (this.#state === 'open') {
      this.#state = 'closing'
      // Whatever the peer is busy with, its farewell is due.
      this.#liveness.watch()
      this.#post('close', new Uint8Array(HEADER_BYTES))
    }
    return this.#portEnded.promise
  }

  #failAlone(code: LinkErrorCode, what: string, cause?: unknown): void {
    this.fail({ code, what, note: null, cause })
  }

  #failBoth(code: LinkErrorCode, what: string, cause?: unknown): void {
    this.fail({ code, what, note: { code, message: what }, cause })
  }

  #failSilent(): void {
    this.#failBoth('LINK_SILENT', `${this.peer} was silent for ${this.#limits.silence} ms`)
    // A silent peer will not complete a closing handshake.
    this.#port.abort()
  }

  #end(): void {
    this.#state = 'ended'
    this.#liveness.stop()
  }

  #post(kind: FrameKind, frame: Uint8Array, run = 0): void {
    if (!isMessageKind(kind)) this.sent.countControl()
    this.#outgoing.send({ kind, run, frame })
    this.#liveness.sent()
  }

  #introduce(): void {
    this.#post('hello', encodeHello(helloOf(this.#options, this.#limits)))
  }

  #hear(bytes: Uint8Array): void {
    if (this.#state === 'ended') return
    this.#receivedBytes += bytes.byteLength
    try {
      const whole = this.#incoming.take(bytes)
      this.#liveness.heard()
      if (whole !== null) this.#take(whole)
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error
      // A stranger learns nothing of what was expected.
      if (this.#state === 'greeting') this.#failAlone(error.code, error.message, error)
      else this.#failBoth(error.code, error.message, error)
    }
  }

  #take(whole: Received): void {
    if (!isMessageKind(whole.kind)) this.received.countControl()
    if (whole.kind === 'error') this.#hearError(whole)
    else if (whole.kind === 'close') this.#hearClose()
    else if (whole.kind === 'hello') this.#hearHello(whole)
    else if (!this.#exchange.isAgreed)
      this.#failAlone('LINK_HELLO_MISSING', `a frame (${whole.kind}) came before the hello`)
    else if (whole.kind === 'credit') this.#exchange.hearCredits(whole)
    else if (whole.kind !== 'heartbeat') this.#exchange.hear(whole)
  }

  #hearHello(whole: Received): void {
    if (this.#exchange.isAgreed) throw corrupt('a second hello came')
    const verdict = checkHello(whole, this.#options)
    if (verdict.kind === 'agreed') this.#agree(verdict.hello)
    else this.#failBoth(verdict.code, verdict.what)
  }

  #agree({ index, credits, maxFrame }: Hello): void {
    this.#peerIndex = index
    this.#exchange.agree(credits)
    this.#outgoing.limit(Math.min(maxFrame, this.#limits.maxFrame))
    this.#port.admit()
    this.#state = 'open'
    this.#liveness.open()
    if (this.#options.silenceFrom !== 'watch') this.#liveness.watch()
    if (this.#options.role === 'accept') this.#introduce()
    this.opened.resolve()
  }

  #hearError({ payload }: Received): void {
    const note = decodeError(payload)
    const cause = new RunError(note)
    const refusal = this.#state === 'greeting' ? LINK_ERROR_CODES.find((code) => code === note.code) : undefined
    if (refusal !== undefined) this.#failAlone(refusal, `${this.peer} refused it: ${note.message}`, cause)
    else this.#failAlone('LINK_PEER_FAILED', `${this.peer} failed with ${note.code}: ${note.message}`, cause)
  }

  #hearClose(): void {
    if (this.#state === 'greeting') {
      this.#failAlone('LINK_BROKEN', `${this.peer} closed it before both sides had agreed`)
      return
    }
    if (this.#incoming.isWithin) throw corrupt('the link was closed within a message')
    const isReplyDue = this.#state === 'open'
    this.#end()
    if (isReplyDue) this.#post('close', new Uint8Array(HEADER_BYTES))
    this.#port.close()
    this.#exchange.end()
  }

  #hearEnd(ending: PortEnding): void {
    if (ending.kind === 'oversized') this.#failAlone('LINK_FRAME_OVERSIZED', ending.reason)
    else {
      const reason = ending.kind === 'closed' ? 'the connection was closed without a farewell' : ending.reason
      this.#failAlone('LINK_BROKEN', `it broke: ${reason}`)
    }
    this.#portEnded.resolve()
  }
}
