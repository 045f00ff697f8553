import { HEADER_BYTES } from './frame.js'

/** Smaller frames are quickly made. */
const LEAST_BYTES = 1 << 16
/** Maximum size of the frames that wait to be written again, all together. */
const MOST_BYTES = 1 << 24

/** Frames that are written again once they were sent: memory that was in use before is faster than new. */
export interface FramePool {
  /** A frame for a payload that is written from beginning to end: it may hold anything. */
  take(payloadBytes: number): Uint8Array
  /** Nothing reads a frame any more; those that were not taken here are left alone. */
  giveBack(frame: Uint8Array): void
}

export function createFramePool(): FramePool {
  const taken = new WeakSet<Uint8Array>()
  let spare: readonly Uint8Array[] = []

  return {
    take(payloadBytes) {
      const size = HEADER_BYTES + payloadBytes
      const known = spare.find(({ byteLength }) => byteLength === size)
      if (known !== undefined) spare = spare.filter((frame) => frame !== known)
      const frame = known ?? new Uint8Array(size)
      if (size >= LEAST_BYTES) taken.add(frame)
      return frame
    },
    giveBack(frame) {
      if (!taken.delete(frame)) return
      // Of sizes that are no longer sent the oldest goes first.
      spare = [...spare, frame]
      while (spare.reduce((sum, { byteLength }) => sum + byteLength, 0) > MOST_BYTES) spare = spare.slice(1)
    },
  }
}
