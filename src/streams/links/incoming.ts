import { type Frame, type FrameKind, isMessageKind, openFrame } from '../wire/frame.js'
import { corrupt, FrameFault } from '../wire/frame-fault.js'

/** A message or control frame that is complete. */
export interface Received {
  readonly kind: FrameKind
  readonly run: number
  readonly version: number
  /** Starts at a multiple of 8 in its buffer. */
  readonly payload: Uint8Array
}

/** Checks the frames of one direction, and joins fragments. */
export interface Incoming {
  /**
   * Null when more fragments are to come.
   *
   * @throws FrameFault
   */
  take(bytes: Uint8Array): Received | null
  /** Whether fragments of a message have come, but not all. */
  readonly isWithin: boolean
}

export interface IncomingLimits {
  /** Largest payload of a frame, and of a message, in bytes. */
  readonly maxFrame: number
  readonly maxMessage: number
}

export function createIncoming({ maxFrame, maxMessage }: IncomingLimits): Incoming {
  let expected = 0
  let joined: Joined | null = null
  return {
    take(bytes) {
      const frame = openFrame(bytes, maxFrame)
      if (frame.sequence !== expected)
        throw new FrameFault('LINK_SEQUENCE', `frame ${frame.sequence} came in place of frame ${expected}`)
      expected = (expected + 1) >>> 0
      // What keeps the link going may come between the fragments of a message.
      if (!isMessageKind(frame.kind)) return frame
      if (joined === null && !frame.more) {
        if (frame.payload.byteLength > maxMessage) throw tooLarge(maxMessage)
        return frame
      }
      joined ??= createJoined(frame, maxMessage)
      joined.add(frame)
      if (frame.more) return null
      const { kind, run, version } = frame
      const payload = joined.payload()
      joined = null
      return { kind, run, version, payload }
    },
    get isWithin() {
      return joined !== null
    },
  }
}

interface Joined {
  add(frame: Frame): void
  payload(): Uint8Array
}

/** Grows with what has really come, at most to twice its size: nothing is allocated on the word of a peer. */
function createJoined({ kind, run }: Frame, maxMessage: number): Joined {
  let buffer = new Uint8Array(0)
  let size = 0
  return {
    add(frame) {
      if (frame.kind !== kind || frame.run !== run)
        throw corrupt(`a fragment of ${frame.kind} of run ${frame.run} came within ${kind} of run ${run}`)
      if (frame.payload.byteLength === 0) throw corrupt('a fragment is empty')
      const end = size + frame.payload.byteLength
      if (end > maxMessage) throw tooLarge(maxMessage)
      if (end > buffer.byteLength) {
        const larger = new Uint8Array(Math.min(Math.max(end, 2 * size), maxMessage))
        larger.set(buffer.subarray(0, size))
        buffer = larger
      }
      buffer.set(frame.payload, size)
      size = end
    },
    payload: () => buffer.subarray(0, size),
  }
}

function tooLarge(most: number): FrameFault {
  return new FrameFault('LINK_MESSAGE_TOO_LARGE', `a message is larger than ${most} bytes`)
}
