import { type KernelMemory, RecordWorkspace } from '../../wasm/kernel-memory.js'
import { ARRIVAL, ENTRY, EVENT } from '../../wasm/schema/window-records.js'
import type { WindowHeader } from '../window-header.js'
import type { ArrivalBin } from './arrival-bins.js'

/** Room for what arrives in a bin, and for the log of what arrives at the neurons that walk through it; it grows as needed. */
export class BinWorkspace {
  private readonly memory: KernelMemory
  private readonly header: WindowHeader
  /** No more events than that do Poisson inputs bring to one neuron. */
  private readonly poissonEvents: number
  private readonly arrivals: RecordWorkspace
  private entries = 0

  constructor(memory: KernelMemory, header: WindowHeader, poissonEvents: number) {
    this.memory = memory
    this.header = header
    this.poissonEvents = poissonEvents
    this.arrivals = new RecordWorkspace(memory, ARRIVAL.size)
    this.widenLog(64)
  }

  /** Tells the kernel of the arrivals of a bin; of none if there is no such. */
  takeArrivals(bin: ArrivalBin | undefined): void {
    const { memory, header } = this
    const count = bin?.count ?? 0
    const arrivalsAt = this.arrivals.take(count)
    header.write({ arrivalsAt, arrivalCount: count })
    if (bin !== undefined) writeArrivals(memory, arrivalsAt, bin)
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
    const { memory, header } = this
    this.entries = 2 * entries
    header.write({
      logAt: memory.take(ENTRY.size * this.entries),
      logRoom: this.entries,
      eventsAt: memory.take(EVENT.size * (this.entries + this.poissonEvents)),
    })
  }
}

/** Writes the arrivals of a bin where the kernel looks for them. */
function writeArrivals({ f64, u32 }: KernelMemory, at: number, bin: ArrivalBin): void {
  for (let k = 0; k < bin.count; k++) {
    const arrival = at + ARRIVAL.size * k
    f64[(arrival + ARRIVAL.at.time) / 8] = bin.times[k] as number
    u32[(arrival + ARRIVAL.at.projection) / 4] = bin.projections[k] as number
    u32[(arrival + ARRIVAL.at.row) / 4] = bin.units[k] as number
    u32[(arrival + ARRIVAL.at.first) / 4] = bin.firsts[k] as number
  }
}
