import type { PlainEvent } from '../../../support/damaged-files.js'

/** An event of N-MNIST as its file has it: five bytes. */
export interface WrittenEvent {
  readonly x: number
  readonly y: number
  readonly on: 0 | 1
  /** Below 2^23. */
  readonly micros: number
}

/** Byte by byte: x; y; the polarity in the highest bit of the third byte, behind it the time, highest bits first. */
export function nmnistBytes(events: readonly WrittenEvent[]): Uint8Array {
  return Uint8Array.from(
    events.flatMap(({ x, y, on, micros }) => [
      x,
      y,
      on * 128 + Math.floor(micros / 65_536),
      Math.floor(micros / 256) % 256,
      micros % 256,
    ]),
  )
}

/** What the bytes say, by division alone; null for what must be refused. */
export function plainNmnist(bytes: Uint8Array, width = 34, height = 34): readonly PlainEvent[] | null {
  if (bytes.length % 5 !== 0) return null
  const events: PlainEvent[] = []
  let rounds = 0
  for (let k = 0; k < bytes.length; k += 5) {
    const [x, y, high, middle, low] = bytes.subarray(k, k + 5) as unknown as [number, number, number, number, number]
    if (y === 240) rounds++
    else if (x >= width || y >= height) return null
    else {
      const polarity = Math.floor(high / 128)
      const micros = (high % 128) * 65_536 + middle * 256 + low + rounds * 8192
      events.push([micros, polarity * width * height + y * width + x])
    }
  }
  return events
}
