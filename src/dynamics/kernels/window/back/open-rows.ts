import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { AdjointHeader } from './adjoint-header.js'

/** More sums are taken at once than are needed. */
const SPARE = 64

/** Room for the sums of rows that are undone over many bins: one number per block of neurons held, for each such row. */
export class OpenRows {
  private readonly memory: KernelMemory
  private readonly header: AdjointHeader
  private readonly blocks: number
  /** Of all sums, free or not. */
  private count = 0
  private room = 0

  /** @param slots spikes received */
  constructor(
    memory: KernelMemory,
    header: AdjointHeader,
    { slots, blocks }: { readonly slots: number; readonly blocks: number },
  ) {
    this.memory = memory
    this.header = header
    this.blocks = blocks
    header.write({ openRows: memory.takeZeros(4 * slots), freeCount: 0 })
  }

  /** Makes sure that so many rows more can be opened. */
  makeRoom(rows: number): void {
    const { memory, header } = this
    const free = header.read('freeCount')
    if (free >= rows) return
    const more = rows - free + SPARE
    const sums = memory.takeZeros(8 * this.blocks * more)
    this.count += more
    if (this.count > this.room) this.widen(free)
    const list = header.read('freeRows') / 4
    for (let k = 0; k < more; k++) memory.u32[list + free + k] = sums + 8 * this.blocks * k
    header.write({ freeCount: free + more })
  }

  private widen(free: number): void {
    const { memory, header } = this
    this.room = 2 * this.count
    const old = header.read('freeRows') / 4
    const list = memory.take(4 * this.room)
    if (free > 0) memory.u32.copyWithin(list / 4, old, old + free)
    header.write({ freeRows: list })
  }
}
