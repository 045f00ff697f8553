import type { Port, PortEnding } from '../../src/streams/links/port.js'
import { decodeError, type ErrorNote } from '../../src/streams/wire/error-payload.js'
import { type FrameHeader, type FrameKind, HEADER_BYTES, openFrame, sealFrame } from '../../src/streams/wire/frame.js'
import { encodeHello, type Hello } from '../../src/streams/wire/hello-payload.js'
import { IDENTITY, TOKEN } from './link-fixture.js'

/** A peer that sends what it likes. */
export interface RawPeer {
  /** Kinds of the frames that came. */
  readonly kinds: FrameKind[]
  /** The errors that it was told. */
  readonly notes: ErrorNote[]
  ending: PortEnding | null
  /** Sends bytes as they are. */
  bytes(bytes: Uint8Array): void
  /** Seals a frame, with the next number unless told otherwise, and sends it. */
  frame(frame: Uint8Array, fields: Partial<FrameHeader> & { readonly kind: FrameKind }): void
  hello(changes?: Partial<Hello>): void
}

export const HELLO: Hello = { token: TOKEN, index: 0, expected: 1, identity: IDENTITY, credits: 8, maxFrame: 1 << 20 }

export function createRawPeer(port: Port): RawPeer {
  let sequence = 0
  const peer: RawPeer = {
    kinds: [],
    notes: [],
    ending: null,
    bytes: (bytes) => port.send(bytes),
    frame(frame, fields) {
      sealFrame(frame, { more: false, run: 0, sequence, ...fields })
      sequence++
      port.send(frame)
    },
    hello: (changes = {}) => peer.frame(encodeHello({ ...HELLO, ...changes }), { kind: 'hello' }),
  }
  port.receive({
    frame(bytes) {
      const { kind, payload } = openFrame(bytes, 1 << 20)
      peer.kinds.push(kind)
      if (kind === 'error') peer.notes.push(decodeError(payload))
    },
    end(ending) {
      peer.ending = ending
    },
  })
  return peer
}

export const empty = () => new Uint8Array(HEADER_BYTES)
