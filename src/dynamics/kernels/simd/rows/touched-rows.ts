import type { HeaderFields } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { ROW } from '../layout/synapse-rows.js'

/** The rows of weights that anything arrives at in a run: of all others the gradient is 0. */
export class TouchedRows {
  private readonly memory: KernelMemory
  /** Address of the list of their offsets. */
  private readonly list: number
  private readonly flags: Uint8Array
  /** How many of the list come before each row, and all. */
  private readonly before: Uint32Array

  constructor(memory: KernelMemory, list: number, rows: number) {
    this.memory = memory
    this.list = list
    this.flags = new Uint8Array(rows)
    this.before = new Uint32Array(rows + 1)
  }

  get count(): number {
    return this.placeOf(this.flags.length)
  }

  /** How many come before a row. */
  placeOf(row: number): number {
    return this.before[row] as number
  }

  /** Those from one row up to another, counted from the first. */
  among(first: number, end: number): Uint32Array {
    const found = new Uint32Array(this.placeOf(end) - this.placeOf(first))
    let next = 0
    for (let row = first; row < end; row++) if (this.flags[row] === 1) found[next++] = row - first
    return found
  }

  clear(): void {
    this.flags.fill(0)
    this.before.fill(0)
  }

  /** Adds those of some source units, the first of which has the row `first`; `note` them when all have been added. */
  add(first: number, units: Uint32Array): void {
    const { flags } = this
    for (let k = 0; k < units.length; k++) flags[first + (units[k] as number)] = 1
  }

  addAll(): void {
    this.flags.fill(1)
    this.note()
  }

  /** Those that were added since they were last noted. */
  added(): readonly number[] {
    const rows: number[] = []
    for (let row = 0; row < this.flags.length; row++)
      if (this.flags[row] === 1 && this.placeOf(row) === this.placeOf(row + 1)) rows.push(row)
    return rows
  }

  /** Writes the list. */
  note(): void {
    const { flags, before } = this
    const { u32 } = this.memory
    const first = this.list / 4
    let place = first
    for (let row = 0; row < flags.length; row++) {
      before[row] = place - first
      if (flags[row] === 1) u32[place++] = ROW * row
    }
    before[flags.length] = place - first
    // No offset of a row.
    u32[place] = 1
  }

  /** Fields of the header. */
  fields(): HeaderFields {
    return { touchedRows: this.list, touchedEnd: this.addressOf(this.flags.length) }
  }

  /** Where the first one that is not before a row stands in the list. */
  addressOf(row: number): number {
    return this.list + 4 * this.placeOf(row)
  }
}
