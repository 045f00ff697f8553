import type { PlainEvent } from '../../../support/damaged-files.js'
import { ascii, beginsWith, littleEndian, numberOf } from '../bytes-of.js'

export interface PolarityEvent {
  readonly x: number
  readonly y: number
  readonly on: number
  /** Below 2^31. */
  readonly time: number
  readonly valid: number
}

export interface WrittenPacket {
  readonly kind: number
  readonly overflow: number
  readonly events: readonly PolarityEvent[]
  /** Room for so many more behind them, whose bytes mean nothing; default 0. */
  readonly spare?: number
}

export const AEDAT3_HEADER = [
  '#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#Start-Time: 2016-09-20 17:10:00 (TZ+0100)\r\n',
  '#!END-HEADER\r\n',
].join('')

const word = (event: PolarityEvent) => event.valid + 2 * event.on + 4 * event.y + 2 ** 17 * event.x

/** Kind, source, size, place of the time, overflow, capacity, number, valid; then the events. */
export function packetBytes({ kind, overflow, events, spare = 0 }: WrittenPacket, source = 1): number[] {
  const valid = events.filter((event) => event.valid === 1).length
  return [
    ...littleEndian(kind, 2),
    ...littleEndian(source, 2),
    ...[8, 4, overflow, events.length + spare, events.length, valid].flatMap((value) => littleEndian(value, 4)),
    ...events.flatMap((event) => [...littleEndian(word(event), 4), ...littleEndian(event.time, 4)]),
    ...Array<number>(8 * spare).fill(0xff),
  ]
}

export function aedat3Bytes(packets: readonly WrittenPacket[], header = AEDAT3_HEADER): Uint8Array {
  return Uint8Array.from([...ascii(header), ...packets.flatMap((packet) => packetBytes(packet))])
}

/** What the bytes behind a header as it was written say, by division; undefined where it was damaged. */
export function plainAedat3(bytes: Uint8Array): readonly PlainEvent[] | null | undefined {
  const header = ascii(AEDAT3_HEADER)
  if (!beginsWith(bytes, header)) return undefined
  const events: PlainEvent[] = []
  const eyes = new Set<number>()
  let rest = bytes.subarray(header.length)
  while (rest.length > 0) {
    if (rest.length < 28) return null
    const at = (place: number, length = 4) => numberOf(rest.slice(place, place + length))
    const [size, offset, overflow, capacity, number, valid] = [4, 8, 12, 16, 20, 24].map((place) =>
      at(place),
    ) as number[] as [number, number, number, number, number, number]
    if (number > capacity || valid > number || 28 + size * capacity > rest.length) return null
    if (at(0, 2) === 1) {
      eyes.add(at(2, 2))
      if (size !== 8 || offset !== 4 || eyes.size > 1) return null
      for (let k = 28; k < 28 + 8 * number; k += 8) {
        const [data, time] = [at(k), at(k + 4)]
        if (data % 2 === 0) continue
        const [on, y, x] = [Math.floor(data / 2) % 2, Math.floor(data / 4) % 2 ** 15, Math.floor(data / 2 ** 17)]
        if (x > 127 || y > 127 || time >= 2 ** 31) return null
        events.push([overflow * 2 ** 31 + time, on * 128 * 128 + y * 128 + x])
      }
    }
    rest = rest.subarray(28 + size * capacity)
  }
  return events
}
