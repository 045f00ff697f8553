import type { Observable } from 'rxjs'
import type { Message } from './message.js'

/** What a stream is for: spikes between groups, what the loss looks at, or parameters that slices share. */
export type StreamUse = 'neurons' | 'loss' | 'shared'

/** What went over a link so far, each way. */
export interface LinkTraffic {
  readonly spikes: number
  readonly gradientEvents: number
  readonly messages: number
  readonly bytes: number
  /** The same by what it was for. */
  readonly split: TrafficSplit
}

/** What went one way over a link, by what it was for and by phase: spikes run forward, gradients back. */
export interface TrafficSplit {
  /** Between groups: a spike counts once for every other core that holds a target of it. */
  readonly spikes: number
  /** Numbers that return for them: for each spike one per subtree of neurons that the slices hold that listen. */
  readonly gradients: number
  /** To the loss, and the numbers that return for them. */
  readonly lossSpikes: number
  readonly lossGradients: number
  /** Numbers that readouts and the loss say to each other. */
  readonly lossValues: number
  /** Numbers of parameters that slices share, and of their gradients. */
  readonly sharedValues: number
  /** Messages that say which units have a target on a core: one per stream at most. */
  readonly listeners: number
  /** Frames that only keep the link going, and what a coordinator and its partitions say to each other. */
  readonly control: number
}

/**
 * The connection between two partitions: messages in order, in both directions, whatever carries them.
 *
 * Streams are multiplexed over it. Each stream has its own credits, counted in windows: a spike batch takes one, and the
 * receiver gives it back with `release` once the batch has been taken. Nothing is lost: a gap, a duplicate, a bad frame,
 * a mismatch or a silent peer ends the link with a `LinkError` that names link, peer and last watermark.
 */
export interface Link {
  /** For people: "core 0 - core 1". */
  readonly name: string
  readonly peer: string
  /** Resolves once both sides have agreed; rejects with a `LinkError`. */
  readonly opened: Promise<void>
  /** Errors with a `LinkError`; completes after an orderly close. Hot: subscribe before `opened` resolves. */
  readonly messages$: Observable<Message>
  /** Spikes without a credit are an `InternalError`. After the end of the link nothing is sent. */
  send(message: Message): void
  /** Windows of a stream that may be sent now. */
  credit(stream: number): number
  /** The number of a stream whose credit rose from 0. */
  readonly writable$: Observable<number>
  /** Gives one window of a received stream back. */
  release(stream: number): void
  /**
   * From now on the peer must be heard, if its silence does not count from the agreement on; the silence so far is
   * forgiven.
   */
  watch(): void
  /** For how long nothing has come from the peer, in ms; time in which this side could not listen does not count. */
  readonly unheard: number
  /** Sends a heartbeat if one is due, also while the event loop stands still: kernels call it as they go. */
  beat(): void
  /** See `Port.flushed`: with what is not yet away, who computes long would seem dead. */
  flushed(): Promise<void> | null
  readonly sent: LinkTraffic
  readonly received: LinkTraffic
  /** Tells the peer why, and ends the link at once. */
  fail(error: Error): void
  /** Everything sent arrives first; resolves when the peer has closed, too, or has not within the silence limit. */
  close(): Promise<void>
}
