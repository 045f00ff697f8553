import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ARRIVAL, ENTRY, EVENT } from '../wasm/schema/window-records.js'
import type { ArrivalCell } from './arrival-cells.js'
import { writeArrivals } from './arrival-records.js'
import type { WindowPlan } from './window-plan.js'

/** Room for what arrives in a cell, and for the log of what arrives at the neurons that walk through it; it grows as needed. */
export class CellRoom {
  private readonly memory: KernelMemory
  private readonly plan: WindowPlan
  /** Events that drives may bring to one neuron. */
  private readonly driven: number
  private arrivals = 0
  private entries = 0

  constructor(memory: KernelMemory, plan: WindowPlan, driven: number) {
    this.memory = memory
    this.plan = plan
    this.driven = driven
    this.widenLog(64)
  }

  /** Tells the kernel of the arrivals of a cell; of none if there is no such. */
  takeArrivals(cell: ArrivalCell | undefined): void {
    const { memory, plan } = this
    const count = cell?.count ?? 0
    if (count > this.arrivals) {
      this.arrivals = 2 * count
      plan.write({ arrivalsAt: memory.take(ARRIVAL.size * this.arrivals) })
    }
    plan.write({ arrivalCount: count })
    if (cell !== undefined) writeArrivals(memory, plan.read('arrivalsAt'), cell)
  }

  /**
   * Has the log written, again where there was not enough room for it.
   *
   * @param write returns how many entries it has to have
   */
  takeLog(write: () => number): void {
    for (let entries = write(); entries > this.entries; entries = write()) this.widenLog(entries)
  }

  private widenLog(entries: number): void {
    const { memory, plan } = this
    this.entries = 2 * entries
    plan.write({
      logAt: memory.take(ENTRY.size * this.entries),
      logRoom: this.entries,
      eventsAt: memory.take(EVENT.size * (this.entries + this.driven)),
    })
  }
}
