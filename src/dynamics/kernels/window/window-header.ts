import { type MemoryViews, readField, writeFields } from '../wasm/fields.js'
import { ADJOINT_HEADER } from '../wasm/schema/adjoint-header.js'
import { ADAPTATION, TAU_STATE, UNSCALED_ADJOINT, UNSCALED_TAUS } from '../wasm/schema/adjoint-records.js'
import type { Layout, NumberOf } from '../wasm/schema/layout.js'
import { WINDOW_HEADER } from '../wasm/schema/window-header.js'

/** Numbers of a header at an address of a kernel's memory, by the names of its fields. */
interface Header<Name extends string> {
  write(fields: FieldsOf<Name>): void
  read(name: Name): number
}

type FieldsOf<Name extends string> = Readonly<Partial<Record<Name, number>>>

/** Of a window kernel. */
export type WindowHeader = Header<NumberOf<typeof WINDOW_HEADER>>
export type WindowHeaderFields = FieldsOf<NumberOf<typeof WINDOW_HEADER>>

/** Of its way back. */
export type AdjointHeader = Header<NumberOf<typeof ADJOINT_HEADER>>
export type AdjointHeaderFields = FieldsOf<NumberOf<typeof ADJOINT_HEADER>>

export function createWindowHeader(memory: MemoryViews, address: number): WindowHeader {
  return headerAt(memory, WINDOW_HEADER, address)
}

export function createAdjointHeader(memory: MemoryViews, address: number): AdjointHeader {
  return headerAt(memory, ADJOINT_HEADER, address)
}

/** @param memory whose views are read again every time, since it grows */
function headerAt<Name extends string>(
  memory: MemoryViews,
  layout: Layout<string, Name>,
  address: number,
): Header<Name> {
  return {
    write: (fields) => writeFields(memory, layout, address, fields),
    read: (name) => readField(memory, layout, address, name),
  }
}

/** Regions that own events and arrivals change, and how many bytes a neuron has in each. */
export type AdjointSizes = Readonly<Record<'pairs' | 'restarts' | 'adaptations' | 'tauStates', number>>

export function adjointSizes(isUnscaled: boolean): AdjointSizes {
  return {
    pairs: isUnscaled ? UNSCALED_ADJOINT.size : 16,
    restarts: 8,
    adaptations: ADAPTATION.size,
    tauStates: isUnscaled ? UNSCALED_TAUS.size : TAU_STATE.size,
  }
}
