import type { FramePool } from '../wire/frame-pool.js'

/** How a port came to its end: closed on purpose by either side, cut, or for a frame beyond its limit. */
export type PortEnding =
  | { readonly kind: 'closed' }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'oversized'; readonly reason: string }

/** The one who listens to a port. */
export interface PortReceiver {
  /** The bytes belong to the receiver. */
  frame(bytes: Uint8Array): void
  /** Exactly once, behind the last frame, also after one's own `close`. */
  end(ending: PortEnding): void
}

/** Carries whole frames, in order, both ways; knows nothing of what is in them. */
export interface Port {
  /** Frames to be sent here, which come back to it once they were. Absent: each is a new one. */
  readonly frames?: FramePool
  /** Attaches the one receiver; frames that came before are handed over first. */
  receive(receiver: PortReceiver): void
  /**
   * Hands a frame to the carrier at once, also while the event loop stands still. Nothing happens after the end.
   * An encrypted port does so with the first frame; Node keeps those behind it until the event loop has turned. A
   * process that computes without a pause over such links is heard once more, and then times out after the peer's
   * `silence`; processes of partitions therefore leave encrypted sockets to a separate thread.
   *
   * @param frame has a buffer of its own, which now belongs to the port
   */
  send(frame: Uint8Array): void
  /**
   * Null if all that was sent has left this process; else resolves when it has, or when the port has ended. Until then
   * nothing that is sent can be heard while the event loop stands still.
   */
  flushed(): Promise<void> | null
  /** The peer has shown who it is: the port no longer counts among those that wait. */
  admit(): void
  /** Closes both directions; everything sent arrives first. */
  close(): void
  /** Closes at once; what was sent may be lost. */
  abort(): void
}
