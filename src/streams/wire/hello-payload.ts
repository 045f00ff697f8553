import { corrupt } from './frame-fault.js'
import { requireMessageHead, requireMessageSize } from './message-size.js'
import { openPayload } from './open-payload.js'
import { readText, textBytes } from './text.js'

/** Which network a side computes, and how it is spread. */
interface NetworkIdentity {
  /** 32 hexadecimal digits. */
  readonly structureHash: string
  readonly placementHash: string
  readonly seed: number
}

/** Everything that decides about bits; null where a side has no network yet. */
export interface LinkIdentity {
  readonly kernel: string
  readonly arithmetic: number
  readonly network: NetworkIdentity | null
}

/** How a side introduces itself. */
export interface Hello {
  readonly token: string
  /** Its own number and the one it expects; null: anybody. */
  readonly index: number
  readonly expected: number | null
  readonly identity: LinkIdentity
  /** Windows per stream it takes before it gives one back. */
  readonly credits: number
  /** Largest payload of a frame it takes, in bytes. */
  readonly maxFrame: number
}

const MIDDLE_BYTES = 72
const ANYBODY = -0x80000000

/**
 * A frame with a hello in it, yet without header.
 *
 *     byte 0 u32 bytes of the token, the token in UTF-8 (unchanged in every version), and from there
 *          0 i32 index               12 u32 largest frame      24 f64 seed              64 u32 arithmetic version
 *          4 i32 expected index      16 u32 has a network      32 u8[16] structure      68 u32 bytes of the kernel's name
 *          8 u32 credits             20 padding                48 u8[16] placement      72 the name in UTF-8
 */
export function encodeHello({ token, index, expected, identity, credits, maxFrame }: Hello): Uint8Array {
  const tokenBytes = textBytes(token)
  const kernel = textBytes(identity.kernel)
  const middle = 4 + tokenBytes.length
  const { frame, payload, view } = openPayload(middle + MIDDLE_BYTES + kernel.length)
  view.setUint32(0, tokenBytes.length, true)
  payload.set(tokenBytes, 4)
  view.setInt32(middle, index, true)
  view.setInt32(middle + 4, expected ?? ANYBODY, true)
  view.setUint32(middle + 8, credits, true)
  view.setUint32(middle + 12, maxFrame, true)
  if (identity.network !== null) {
    const { seed, structureHash, placementHash } = identity.network
    view.setUint32(middle + 16, 1, true)
    view.setFloat64(middle + 24, seed, true)
    payload.set(hashBytes(structureHash), middle + 32)
    payload.set(hashBytes(placementHash), middle + 48)
  }
  view.setUint32(middle + 64, identity.arithmetic, true)
  view.setUint32(middle + 68, kernel.length, true)
  payload.set(kernel, middle + MIDDLE_BYTES)
  return frame
}

/** The token of a hello of any version. */
export function tokenOfHello(payload: Uint8Array): Uint8Array {
  const view = requireMessageHead('hello', payload, 4)
  const end = 4 + view.getUint32(0, true)
  requireMessageHead('hello', payload, end)
  return payload.subarray(4, end)
}

/** @throws FrameFault LINK_FRAME_CORRUPT */
export function decodeHello(payload: Uint8Array): Hello {
  const token = tokenOfHello(payload)
  const rest = payload.subarray(4 + token.length)
  const view = requireMessageHead('hello', rest, MIDDLE_BYTES)
  requireMessageSize('hello', rest, MIDDLE_BYTES + view.getUint32(68, true))
  const expected = view.getInt32(4, true)
  const hasNetwork = view.getUint32(16, true)
  if (hasNetwork > 1) throw corrupt(`a hello with ${hasNetwork} networks`)
  const network = {
    structureHash: hashText(rest.subarray(32, 48)),
    placementHash: hashText(rest.subarray(48, 64)),
    seed: view.getFloat64(24, true),
  }
  return {
    token: readText(token),
    index: view.getInt32(0, true),
    expected: expected === ANYBODY ? null : expected,
    identity: {
      kernel: readText(rest.subarray(MIDDLE_BYTES)),
      arithmetic: view.getUint32(64, true),
      network: hasNetwork === 1 ? network : null,
    },
    credits: view.getUint32(8, true),
    maxFrame: view.getUint32(12, true),
  }
}

function hashBytes(digits: string): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, k) => Number.parseInt(digits.slice(2 * k, 2 * k + 2), 16))
}

function hashText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
