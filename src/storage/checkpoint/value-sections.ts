import { corrupt } from '../../streams/wire/frame-fault.js'
import { padded } from '../../streams/wire/message-size.js'

/** Arrays that a value may hold. */
export type Section = Float64Array | Uint32Array | Int32Array | Uint8Array | Uint16Array

/** Numbered from 1 on the wire, in this order. */
const CLASSES = [Float64Array, Uint32Array, Int32Array, Uint8Array, Uint16Array] as const

const HEAD_BYTES = 8

/** Whether a value is one of the arrays that have a section of their own; a subclass such as Buffer counts as one. */
export function isSection(value: unknown): value is Section {
  return CLASSES.some((known) => value instanceof known)
}

export function sectionsBytes(sections: readonly Section[]): number {
  return sections.reduce((sum, { byteLength }) => sum + HEAD_BYTES + padded(byteLength), 0)
}

/** Per section u32 type, u32 bytes, the bytes, padding to a multiple of 8. */
export function writeSections(payload: Uint8Array, start: number, sections: readonly Section[]): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  let at = start
  for (const section of sections) {
    view.setUint32(at, CLASSES.findIndex((known) => section instanceof known) + 1, true)
    view.setUint32(at + 4, section.byteLength, true)
    payload.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at + HEAD_BYTES)
    at += HEAD_BYTES + padded(section.byteLength)
  }
}

/** @throws FrameFault LINK_FRAME_CORRUPT unless exactly `count` sections fill the payload from `start` */
export function readSections(payload: Uint8Array, start: number, count: number): Section[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const sections: Section[] = []
  let at = start
  // Grows as sections are found: the count alone allocates nothing.
  for (let k = 0; k < count; k++) {
    if (at + HEAD_BYTES > payload.byteLength) throw corrupt(`section ${k} of ${count} is missing`)
    const known = CLASSES[view.getUint32(at, true) - 1]
    const bytes = view.getUint32(at + 4, true)
    if (known === undefined || bytes % known.BYTES_PER_ELEMENT !== 0)
      throw corrupt(`section ${k} has type ${view.getUint32(at, true)} and ${bytes} bytes`)
    const from = at + HEAD_BYTES
    if (from + padded(bytes) > payload.byteLength) throw corrupt(`section ${k} of ${bytes} bytes is cut short`)
    sections.push(new known(new Uint8Array(payload.subarray(from, from + bytes)).buffer))
    at = from + padded(bytes)
  }
  if (at !== payload.byteLength) throw corrupt(`${payload.byteLength - at} bytes behind the last section`)
  return sections
}
