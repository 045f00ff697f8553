import { type MemoryViews, readField, writeFields } from '../wasm/fields.js'
import type { NumberOf } from '../wasm/schema/layout.js'
import { WINDOW_HEADER } from '../wasm/schema/window-header.js'

export type WindowHeaderField = NumberOf<typeof WINDOW_HEADER>

/** Fields of a window kernel's header, by name. */
export type WindowHeaderFields = Readonly<Partial<Record<WindowHeaderField, number>>>

/** The fields of a header at an address of a kernel's memory. */
export interface WindowHeader {
  write(fields: WindowHeaderFields): void
  read(name: WindowHeaderField): number
}

/** @param memory asked for its views anew every time, since it grows */
export function createWindowHeader(memory: MemoryViews, address: number): WindowHeader {
  return {
    write: (fields) => writeFields(memory, WINDOW_HEADER, address, fields),
    read: (name) => readField(memory, WINDOW_HEADER, address, name),
  }
}
