import type { PlainEvent } from '../../../support/damaged-files.js'
import { ascii, beginsWith, littleEndian, numberOf } from '../bytes-of.js'

export interface DvEvent {
  readonly time: bigint
  readonly x: number
  readonly y: number
  readonly on: number
}

const sized = (body: readonly number[]) => [...littleEndian(body.length, 4), ...body]

/** A flatbuffer of events, with its size before it: root at 20, vtable at 12, vector at 28, events from 32 on. */
export function eventPacket(events: readonly DvEvent[]): Uint8Array {
  const written = events.flatMap(({ time, x, y, on }) => [
    ...[...littleEndian(time, 8), ...littleEndian(x, 2), ...littleEndian(y, 2)],
    ...[on, 0, 0, 0],
  ])
  const table = [...littleEndian(8, 4), ...littleEndian(4, 4)]
  const vtable = [6, 8, 4].flatMap((value) => littleEndian(value, 2))
  const body = [...littleEndian(16, 4), ...ascii('EVTS'), ...vtable, 0, 0, ...table, ...littleEndian(events.length, 4)]
  return Uint8Array.from(sized([...body, ...written]))
}

/** A packet of events whose table has no field. */
export const EMPTY_PACKET = Uint8Array.from(
  sized([
    ...littleEndian(12, 4),
    ...ascii('EVTS'),
    ...littleEndian(4, 2),
    ...littleEndian(4, 2),
    ...littleEndian(4, 4),
  ]),
)

const stream = (id: number, kind: string, info: string) =>
  `<node name="${id}" path="/mainloop/Recorder/outInfo/${id}/"><attr key="compression" type="string">NONE</attr>` +
  `<attr key="typeIdentifier" type="string">${kind}</attr><node name="info" path="info/">${info}</node></node>`
const SIZE = '<attr key="sizeX" type="int">40</attr>\n<attr key="sizeY" type="int">30</attr><node name="empty" />'

/** Frames in stream 0, events in stream 3, of a camera of 40 x 30 pixels. */
export const XML = `<dv version="2.0"><node name="outInfo" path="/">${stream(0, 'FRME', '')}${stream(3, 'EVTS', SIZE)}</node></dv>`
export const streamOf = stream

/** The flatbuffer in front: table at 24 with three fields at 4, 8 and 16 from it, the text at 44. */
export function headerBytes(compression: number, position: bigint, xml = XML): number[] {
  const vtable = [10, 24, 4, 8, 16].flatMap((value) => littleEndian(value, 2))
  const table = [...littleEndian(12, 4), ...littleEndian(compression, 4), ...littleEndian(position, 8)]
  const text = [...littleEndian(4, 4), ...littleEndian(xml.length, 4), ...ascii(xml), 0]
  return sized([...littleEndian(20, 4), ...ascii('IOHE'), ...vtable, 0, 0, ...table, ...text])
}

export interface WrittenPacket {
  readonly stream: number
  readonly body: Uint8Array
}

export function aedat4Bytes(
  packets: readonly WrittenPacket[],
  compression = 0,
  header = headerBytes(compression, -1n),
): Uint8Array {
  const written = packets.flatMap((packet) => [
    ...littleEndian(packet.stream, 4),
    ...littleEndian(packet.body.length, 4),
    ...packet.body,
  ])
  return Uint8Array.from([...ascii('#!AER-DAT4.0\r\n'), ...header, ...written])
}

/** With an index, which is noise to those who do not read it, behind the packets. */
export function indexedBytes(packets: readonly WrittenPacket[], compression = 0): Uint8Array {
  const length = aedat4Bytes(packets, compression).length
  const bytes = aedat4Bytes(packets, compression, headerBytes(compression, BigInt(length)))
  return Uint8Array.from([...bytes, ...ascii('what an index is')])
}

/**
 * What the bytes of a file that is not packed and without an index say; undefined where the header, or what each packet
 * begins with, is not as it was written.
 */
export function plainAedat4(bytes: Uint8Array): readonly PlainEvent[] | null | undefined {
  const header = aedat4Bytes([])
  if (!beginsWith(bytes, header)) return undefined
  const events: [number, number][] = []
  let rest = bytes.subarray(header.length)
  while (rest.length > 0) {
    const size = numberOf(rest.slice(4, 8))
    if (rest.length < 8 || size > rest.length - 8) return null
    const body = rest.subarray(8, 8 + size)
    const stream = numberOf(rest.subarray(0, 4))
    rest = rest.subarray(8 + size)
    if (stream !== 3) continue
    if (size === EMPTY_PACKET.length && beginsWith(body, EMPTY_PACKET)) continue
    if (!beginsWith(body.subarray(4), eventPacket([]).subarray(4, 28))) return undefined
    if (numberOf(body.subarray(0, 4)) !== size - 4) return null
    if (32 + 16 * numberOf(body.slice(28, 32)) > size) return null
    for (let k = 0, at = 32; k < numberOf(body.slice(28, 32)); k++, at += 16) {
      const [time, x, y] = [
        numberOf(body.slice(at, at + 8)),
        numberOf(body.slice(at + 8, at + 10)),
        numberOf(body.slice(at + 10, at + 12)),
      ]
      if (x > 39 || y > 29 || (body[at + 12] as number) > 1 || time > 2 ** 52) return null
      events.push([time, (body[at + 12] as number) * 1200 + y * 40 + x])
    }
  }
  const start = Math.min(...events.map(([time]) => time))
  return events.map(([time, unit]) => [time - start, unit])
}
