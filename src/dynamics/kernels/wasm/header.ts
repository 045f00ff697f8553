import { type MemoryViews, readField, writeFields } from './fields.js'
import { HEADER, HEADER_AT, HEADER_END } from './schema/header.js'
import type { NumberOf } from './schema/layout.js'

export type HeaderField = NumberOf<typeof HEADER>

/** Some fields of the header. */
export type HeaderFields = Readonly<Partial<Record<HeaderField, number>>>

/** Writes fields of the header. */
export function writeHeader(memory: MemoryViews, fields: HeaderFields): void {
  writeFields(memory, HEADER, HEADER_AT, fields)
}

/** Reads a field of the header. */
export function readHeader(memory: MemoryViews, name: HeaderField): number {
  return readField(memory, HEADER, HEADER_AT, name)
}

/** All of the header, for `restoreHeader`. */
export function copyHeader({ f64 }: MemoryViews): Float64Array {
  return f64.slice(HEADER_AT / 8, HEADER_END / 8)
}

export function restoreHeader({ f64 }: MemoryViews, copy: Float64Array): void {
  f64.set(copy, HEADER_AT / 8)
}

/** The time constants of a neuron, or of all neurons of a kernel, in ms. */
export interface KernelTaus {
  readonly tauMem: number
  readonly tauSyn: number
  /** Of the inhibitory current; the same where there is one current. */
  readonly tauSynInh: number
  readonly tauAdapt: number
}

/** The time constants that stand in the header of a kernel's memory. */
export function headerTaus(memory: MemoryViews): KernelTaus {
  return {
    tauMem: readHeader(memory, 'tauMem'),
    tauSyn: readHeader(memory, 'tauSyn'),
    tauSynInh: readHeader(memory, 'tauSynInh'),
    tauAdapt: readHeader(memory, 'tauAdapt'),
  }
}

export function sameTaus(a: KernelTaus, b: KernelTaus): boolean {
  const fields = ['tauMem', 'tauSyn', 'tauSynInh', 'tauAdapt'] as const
  return fields.every((field) => a[field] === b[field])
}
