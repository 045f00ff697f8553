import type { PlainEvent } from '../../../support/damaged-files.js'
import { ascii, beginsWith, littleEndian, numberOf } from '../bytes-of.js'

/** An event of a DAT file. */
export interface DatEvent {
  /** Below 2^32. */
  readonly time: number
  readonly x: number
  readonly y: number
  readonly on: number
}

export const DAT_HEADER = [
  ...['% Data file containing CD events', '% Date 2020-09-14 14:18:29', '% Version 2', '% Width 12', '% Height 10'],
].join('\n')

/** The header, two bytes, then per event four of time and four of `polarity y x`, the lowest bytes first. */
export function datBytes(events: readonly DatEvent[], header = `${DAT_HEADER}\n`, kind = [0x0c, 8]): Uint8Array {
  const body = events.flatMap(({ time, x, y, on }) => [
    ...littleEndian(time, 4),
    ...littleEndian(x + 2 ** 14 * y + 2 ** 28 * on, 4),
  ])
  return Uint8Array.from([...ascii(header), ...kind, ...body])
}

/** What the bytes say behind the header as it was written, by division; undefined if that was damaged. */
export function plainDat(bytes: Uint8Array): readonly PlainEvent[] | null | undefined {
  const start = datBytes([])
  if (!beginsWith(bytes, start)) return undefined
  const body = bytes.subarray(start.length)
  if (body.length % 8 !== 0) return null
  const events: PlainEvent[] = []
  let [rounds, before] = [0, 0]
  for (let k = 0; k < body.length; k += 8) {
    const time = numberOf(body.subarray(k, k + 4))
    const word = numberOf(body.subarray(k + 4, k + 8))
    const [x, y, on] = [word % 2 ** 14, Math.floor(word / 2 ** 14) % 2 ** 14, Math.floor(word / 2 ** 28)]
    if (x > 11 || y > 9 || on > 1) return null
    if (before - time >= 2 ** 31) rounds++
    before = time
    events.push([rounds * 2 ** 32 + time, on * 120 + y * 12 + x])
  }
  return events
}
