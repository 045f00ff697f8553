/** A hash that takes bytes one after the other. */
export interface Sha256 {
  bytes(values: Uint8Array): void
  /** Of 32 bits each, as little-endian bytes. */
  words(values: Uint32Array): void
  text(value: string): void
  /** 256 bits as 64 hexadecimal digits; ask once, at the end. */
  digest(): string
}

const BLOCK = 64

/**
 * A hash of 256 bits, the same as everywhere, here also for browsers, without a promise.
 *
 * Source: FIPS 180-4, SHA-256.
 */
export function createSha256(): Sha256 {
  const state = Uint32Array.from(STATE)
  const schedule = new Uint32Array(64)
  const block = new Uint8Array(BLOCK)
  let filled = 0
  let length = 0

  const bytes = (values: Uint8Array) => {
    length += values.length
    let at = 0
    if (filled > 0) {
      at = Math.min(BLOCK - filled, values.length)
      block.set(values.subarray(0, at), filled)
      filled += at
      if (filled < BLOCK) return
      compress(state, schedule, block, 0)
    }
    for (; at + BLOCK <= values.length; at += BLOCK) compress(state, schedule, values, at)
    block.set(values.subarray(at))
    filled = values.length - at
  }
  const words = (values: Uint32Array) => bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  // Its length goes first, so that neighbouring texts cannot trade their ends.
  const text = (value: string) => {
    const encoded = new TextEncoder().encode(value)
    words(Uint32Array.of(encoded.length))
    bytes(encoded)
  }
  const digest = () => {
    const bits = 8 * length
    const end = new Uint8Array((filled < 56 ? BLOCK : 2 * BLOCK) - filled)
    end[0] = 0x80
    const view = new DataView(end.buffer)
    view.setUint32(end.length - 8, Math.floor(bits / 0x100000000))
    view.setUint32(end.length - 4, bits >>> 0)
    bytes(end)
    return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('')
  }
  return { bytes, words, text, digest }
}

function compress(state: Uint32Array, w: Uint32Array, bytes: Uint8Array, start: number): void {
  for (let t = 0; t < 16; t++) {
    const at = start + 4 * t
    w[t] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
  for (let t = 16; t < 64; t++) {
    const [early, late] = [w[t - 15] as number, w[t - 2] as number]
    const low = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
    const high = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
    w[t] = (w[t - 16] as number) + low + (w[t - 7] as number) + high
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < 64; t++) {
    const one = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const first = (h + one + ((e & f) ^ (~e & g)) + (CONSTANTS[t] as number) + (w[t] as number)) | 0
    const zero = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const second = (zero + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

/** The first 32 bits of the fractions of the square roots of the first 8 primes. */
const STATE: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** The same of the cube roots of the first 64. */
const CONSTANTS = Uint32Array.of(
  ...[0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
  ...[0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
  ...[0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
  ...[0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
  ...[0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
  ...[0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
  ...[0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
  ...[0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
)
