import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { OWN_EVENT, SPIKE_INTERVAL, UNDONE, UNSCALED_SPIKE_INTERVAL } from '../../wasm/schema/adjoint-records.js'
import type { AdjointHeader } from './adjoint-header.js'
import type { OpenRows } from './open-rows.js'
import type { TapedArrivals, TrialTape } from './run-tape.js'
import { writeOwnEvents, writeUndone } from './undone-records.js'

/** Where the kernel finds what it is to undo: own events of a trial in a step, and what arrives in a bin. */
export class UndoneRoom {
  private readonly memory: KernelMemory
  private readonly header: AdjointHeader
  private readonly openRows: OpenRows
  /** Records there is room for, and their addresses. */
  private ownRoom = 0
  private ownAt = 0
  private spareRoom = 0
  private spareAt = 0
  private spikeIntervalRoom = 0
  private undoneRoom = 0
  private undoneAt = 0
  /** Number of the first own event among those of the trial. */
  private from = 0

  constructor(memory: KernelMemory, header: AdjointHeader, openRows: OpenRows) {
    this.memory = memory
    this.header = header
    this.openRows = openRows
  }

  /** Takes the own events of a trial from one on; `deltaOf` the k-th spike among them. */
  takeEvents(tape: TrialTape, from: number, deltaOf: (k: number) => number): void {
    const count = tape.count - from
    if (count > this.ownRoom) {
      this.ownRoom = 2 * count
      this.ownAt = this.memory.take(OWN_EVENT.size * this.ownRoom)
    }
    this.makeSpikeIntervals(count)
    this.from = from
    writeOwnEvents(this.memory, this.ownAt, tape, from, deltaOf)
  }

  /** Address of room for so many own events beside those. */
  makeRoom(events: number): number {
    if (events > this.spareRoom) {
      this.spareRoom = 2 * events
      this.spareAt = this.memory.take(OWN_EVENT.size * this.spareRoom)
    }
    this.makeSpikeIntervals(events)
    return this.spareAt
  }

  /** For so many own events in a bin: one before each, and one behind the last one of a neuron. */
  private makeSpikeIntervals(events: number): void {
    if (events <= this.spikeIntervalRoom) return
    this.spikeIntervalRoom = 2 * events
    this.header.write({
      spikeIntervalsAt: this.memory.take(
        2 * Math.max(SPIKE_INTERVAL.size, UNSCALED_SPIKE_INTERVAL.size) * this.spikeIntervalRoom,
      ),
    })
  }

  /** Addresses of own events first … end - 1 of the trial. */
  addressesOf(first: number, end: number): { readonly ownFirst: number; readonly ownEnd: number } {
    const address = (k: number) => this.ownAt + OWN_EVENT.size * (k - this.from)
    return { ownFirst: address(first), ownEnd: address(end) }
  }

  /** Takes what arrives in a bin; returns how many bytes of records that comes to. */
  takeArrivals(arriving: TapedArrivals | undefined): number {
    const { memory, header } = this
    const count = arriving?.count ?? 0
    if (count > this.undoneRoom) {
      this.undoneRoom = 2 * count
      this.undoneAt = memory.take(UNDONE.size * this.undoneRoom)
    }
    header.write({ undoneAt: this.undoneAt, undoneCount: count })
    if (arriving === undefined) return 0
    this.openRows.makeRoom(count)
    return writeUndone(memory, this.undoneAt, arriving)
  }
}
