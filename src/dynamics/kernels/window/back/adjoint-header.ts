import { type MemoryViews, readField, writeFields } from '../../wasm/fields.js'
import { ADJOINT_HEADER } from '../../wasm/schema/adjoint-header.js'
import type { NumberOf } from '../../wasm/schema/layout.js'

export type AdjointHeaderField = NumberOf<typeof ADJOINT_HEADER>

/** Fields of the header of a window kernel's way back, by name. */
export type AdjointHeaderFields = Readonly<Partial<Record<AdjointHeaderField, number>>>

export interface AdjointHeader {
  write(fields: AdjointHeaderFields): void
  read(name: AdjointHeaderField): number
}

/** @param memory asked for its views anew every time, since it grows */
export function createAdjointHeader(memory: MemoryViews, address: number): AdjointHeader {
  return {
    write: (fields) => writeFields(memory, ADJOINT_HEADER, address, fields),
    read: (name) => readField(memory, ADJOINT_HEADER, address, name),
  }
}
