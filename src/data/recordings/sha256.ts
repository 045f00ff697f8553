import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** A hash that takes bytes one after the other. */
export interface Sha256 {
  bytes(values: Uint8Array): void
  /** Of 32 bits each, as little-endian bytes. */
  words(values: Uint32Array): void
  text(value: string): void
  /** 256 bits as 64 hexadecimal digits; ask once, at the end. */
  digest(): string
}

/** What takes the bytes. */
interface Hash {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/** @returns undefined: the platform has none that is quick and needs no promise */
export type FindHash = () => Hash | undefined

/** Node's, several times as fast as one that is written in JavaScript; without an import, which browsers would not find. */
const ofNode: FindHash = () => globalThis.process?.getBuiltinModule?.('node:crypto').createHash('sha256')

/** A hash of 256 bits (FIPS 180-4), the same as everywhere, here also for browsers, without a promise. */
export function createSha256(ofPlatform: FindHash = ofNode): Sha256 {
  const hash: Hash = ofPlatform() ?? sha256.create()
  const bytes = (values: Uint8Array) => void hash.update(values)
  const words = (values: Uint32Array) => bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  // Its length goes first, so that neighbouring texts cannot trade their ends.
  const text = (value: string) => {
    const encoded = new TextEncoder().encode(value)
    words(Uint32Array.of(encoded.length))
    bytes(encoded)
  }
  return { bytes, words, text, digest: () => bytesToHex(hash.digest()) }
}
