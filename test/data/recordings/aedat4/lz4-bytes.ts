import { littleEndian } from '../bytes-of.js'

/** So many bytes as they are, then a copy of so many bytes from so far back. */
export interface Sequence {
  readonly literals: readonly number[]
  readonly back: number
  readonly copied: number
}

const lengthBits = (length: number) => Math.min(15, length)
const lengthBytes = (length: number): number[] => {
  if (length < 15) return []
  const rest = length - 15
  return [...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255]
}

/** A block of LZ4 with these sequences, and what it says behind `before`; the last sequence has no copy. */
export function lz4Block(sequences: readonly Sequence[], last: readonly number[], before: readonly number[] = []) {
  const plain = [...before]
  const block: number[] = []
  for (const { literals, back, copied } of sequences) {
    plain.push(...literals)
    block.push(16 * lengthBits(literals.length) + lengthBits(copied - 4), ...lengthBytes(literals.length), ...literals)
    block.push(...littleEndian(back, 2), ...lengthBytes(copied - 4))
    for (let k = 0; k < copied; k++) plain.push(plain[plain.length - back] as number)
  }
  plain.push(...last)
  block.push(16 * lengthBits(last.length), ...lengthBytes(last.length), ...last)
  return { block, plain: plain.slice(before.length) }
}

export interface FrameOptions {
  readonly blockChecks?: true
  readonly check?: true
  readonly content?: true
  /** Of the blocks that are not packed. */
  readonly stored?: readonly number[]
}

/** A frame of these blocks, of at most 64 kB each. */
export function lz4Frame(
  blocks: readonly (readonly number[])[],
  plain: readonly number[],
  options: FrameOptions = {},
): Uint8Array {
  const { blockChecks, check, content, stored = [] } = options
  const flags = 0x40 + (blockChecks ? 0x10 : 0) + (content ? 8 : 0) + (check ? 4 : 0)
  const described = [flags, 0x40, ...(content ? littleEndian(plain.length, 8) : [])]
  const written = blocks.flatMap((block, k) => [
    ...littleEndian(block.length + (stored.includes(k) ? 2 ** 31 : 0), 4),
    ...block,
    ...(blockChecks ? littleEndian(plainXxh32(block), 4) : []),
  ])
  const end = [...littleEndian(0, 4), ...(check ? littleEndian(plainXxh32(plain), 4) : [])]
  const header = [...littleEndian(0x184d2204, 4), ...described, Math.floor(plainXxh32(described) / 256) % 256]
  return Uint8Array.from([...header, ...written, ...end])
}

const PRIMES = [2654435761, 2246822519, 3266489917, 668265263, 374761393] as const
const ALL = 2 ** 32
/** Of whole numbers below 2^32, modulo that, by doubles alone. */
const product = (a: number, b: number) => ((a % 65_536) * b + ((Math.floor(a / 65_536) * b) % 65_536) * 65_536) % ALL
const turned = (value: number, by: number) => (value % 2 ** (32 - by)) * 2 ** by + Math.floor(value / 2 ** (32 - by))
const mixed = (value: number, by: number) => (value ^ Math.floor(value / 2 ** by)) >>> 0
const wordAt = (bytes: readonly number[], at: number) =>
  [3, 2, 1, 0].reduce((value, k) => value * 256 + (bytes[at + k] as number), 0)

/** XXH32 with seed 0 in whole numbers, as its description has it. */
export function plainXxh32(bytes: readonly number[]): number {
  const [p1, p2, p3, p4, p5] = PRIMES
  let sum: number = p5
  let at = 0
  if (bytes.length >= 16) {
    const lanes = [(p1 + p2) % ALL, p2, 0, ALL - p1]
    for (; at + 16 <= bytes.length; at += 16)
      for (let k = 0; k < 4; k++)
        lanes[k] = product(turned(((lanes[k] as number) + product(wordAt(bytes, at + 4 * k), p2)) % ALL, 13), p1)
    sum = lanes.reduce((all, lane, k) => (all + turned(lane, [1, 7, 12, 18][k] as number)) % ALL, 0)
  }
  sum = (sum + bytes.length) % ALL
  for (; at + 4 <= bytes.length; at += 4) sum = product(turned((sum + product(wordAt(bytes, at), p3)) % ALL, 17), p4)
  for (; at < bytes.length; at++) sum = product(turned((sum + product(bytes[at] as number, p5)) % ALL, 11), p1)
  return mixed(product(mixed(product(mixed(sum, 15), p2), 13), p3), 16)
}
