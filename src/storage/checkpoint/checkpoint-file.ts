import { createHash } from 'node:crypto'
import { padded } from '../../streams/wire/message-size.js'
import type { Checkpoint, CheckpointHead, CheckpointKind } from './checkpoint.js'
import { decodeValue, encodeValue } from './value-bytes.js'

/** Of the format of the file. */
export const CHECKPOINT_VERSION = 1

const MAGIC = new TextEncoder().encode('ANTDCKPT')
const BODY_BYTES_AT = 16
const HASH_AT = 24
const HASH_BYTES = 32
const PREFIX_BYTES = 64

/** What is wrong with the bytes of a checkpoint, as a noun phrase. */
export class CheckpointDamage extends Error {
  override readonly name = 'CheckpointDamage'
}

/** A whole checkpoint in a version of the format that is not ours. */
export class CheckpointVersionMismatch extends Error {
  override readonly name = 'CheckpointVersionMismatch'
  readonly found: number

  constructor(found: number) {
    super(`version ${found}`)
    this.found = found
  }
}

/**
 * The bytes of a checkpoint, in parts that follow each other.
 *
 *     byte  0 "ANTDCKPT"                  16 u64 bytes of the body
 *           8 u32 version of the format   24 SHA-256 of everything but itself
 *          12 u32 bytes of the head       56 8 zeros
 *          64 the head as JSON in UTF-8, padded with zeros to a multiple of 8, then the body, see `encodeValue`
 *
 * All little-endian.
 */
export function encodeCheckpoint({ head, body }: Checkpoint): readonly Uint8Array[] {
  const text = new TextEncoder().encode(JSON.stringify(head))
  const front = new Uint8Array(PREFIX_BYTES + padded(text.length))
  const content = encodeValue(body)
  const view = new DataView(front.buffer)
  front.set(MAGIC)
  view.setUint32(8, CHECKPOINT_VERSION, true)
  view.setUint32(12, text.length, true)
  view.setBigUint64(BODY_BYTES_AT, BigInt(content.length), true)
  front.set(text, PREFIX_BYTES)
  front.set(hashOf(front, content), HASH_AT)
  return [front, content]
}

/** @throws CheckpointDamage, CheckpointVersionMismatch */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (bytes.length < PREFIX_BYTES) throw new CheckpointDamage(`${bytes.length} bytes, too few for any checkpoint`)
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) throw new CheckpointDamage('bytes that are no checkpoint')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const textBytes = view.getUint32(12, true)
  const frontBytes = PREFIX_BYTES + padded(textBytes)
  const expected = BigInt(frontBytes) + view.getBigUint64(BODY_BYTES_AT, true)
  if (BigInt(bytes.length) !== expected) throw new CheckpointDamage(`${bytes.length} bytes instead of ${expected}`)
  // A copy, which `slice` would not make of a Buffer.
  const front = new Uint8Array(bytes.subarray(0, frontBytes))
  const body = bytes.subarray(frontBytes)
  const written = front.slice(HASH_AT, HASH_AT + HASH_BYTES)
  front.fill(0, HASH_AT, HASH_AT + HASH_BYTES)
  if (!hashOf(front, body).equals(written)) throw new CheckpointDamage('bytes that do not match their checksum')
  const version = view.getUint32(8, true)
  if (version !== CHECKPOINT_VERSION) throw new CheckpointVersionMismatch(version)
  return { head: parseHead(front.subarray(PREFIX_BYTES, PREFIX_BYTES + textBytes)), body: parseBody(body) }
}

function hashOf(front: Uint8Array, body: Uint8Array): Buffer {
  return createHash('sha256').update(front).update(body).digest()
}

const KINDS: readonly CheckpointKind[] = ['training', 'simulation', 'sweep']

function parseHead(text: Uint8Array): CheckpointHead {
  try {
    const head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as CheckpointHead
    if (KINDS.includes(head.kind)) return head
  } catch (cause) {
    throw new CheckpointDamage('a head that is not JSON', { cause })
  }
  throw new CheckpointDamage('a head without a kind')
}

function parseBody(body: Uint8Array): unknown {
  try {
    return decodeValue(body)
  } catch (cause) {
    throw new CheckpointDamage('a body that cannot be read', { cause })
  }
}
