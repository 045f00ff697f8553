import type { KernelMemory } from '../wasm/kernel-memory.js'
import type { AdjointPlan } from './adjoint-plan.js'

/** More sums are taken at once than are needed. */
const SPARE = 64

/** Room for the sums of rows that are undone over many cells: one number per block of neurons held, for each such row. */
export class OpenRows {
  private readonly memory: KernelMemory
  private readonly plan: AdjointPlan
  private readonly blocks: number
  /** Of all sums, free or not. */
  private count = 0
  private room = 0

  /** @param slots spikes received */
  constructor(
    memory: KernelMemory,
    plan: AdjointPlan,
    { slots, blocks }: { readonly slots: number; readonly blocks: number },
  ) {
    this.memory = memory
    this.plan = plan
    this.blocks = blocks
    plan.write({ openRows: memory.takeZeros(4 * slots), freeCount: 0 })
  }

  /** Makes sure that so many rows more can be opened. */
  makeRoom(rows: number): void {
    const { memory, plan } = this
    const free = plan.read('freeCount')
    if (free >= rows) return
    const more = rows - free + SPARE
    const sums = memory.takeZeros(8 * this.blocks * more)
    this.count += more
    if (this.count > this.room) this.widen(free)
    const list = plan.read('freeRows') / 4
    for (let k = 0; k < more; k++) memory.u32[list + free + k] = sums + 8 * this.blocks * k
    plan.write({ freeCount: free + more })
  }

  private widen(free: number): void {
    const { memory, plan } = this
    this.room = 2 * this.count
    const old = plan.read('freeRows') / 4
    const list = memory.take(4 * this.room)
    if (free > 0) memory.u32.copyWithin(list / 4, old, old + free)
    plan.write({ freeRows: list })
  }
}
