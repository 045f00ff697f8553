import { OWN_EVENT, SPIKE_INTERVAL, UNDONE, UNSCALED_SPIKE_INTERVAL } from '../../wasm/schema/adjoint-records.js'
import type { WindowEngine } from '../neurons/window-engine.js'
import type { OpenRows } from './open-rows.js'
import type { TapedArrivals, TrialTape } from './run-tape.js'
import { writeOwnEvents, writeUndone } from './undone-records.js'

/** Where the kernel finds what it is to undo: own events of a trial in a step, a bin, and what arrives in it. */
export class UndoneRoom {
  private readonly engine: WindowEngine
  private readonly openRows: OpenRows
  /** Length of a trial, ms. */
  private readonly until: number
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

  constructor(engine: WindowEngine, openRows: OpenRows, until: number) {
    this.engine = engine
    this.openRows = openRows
    this.until = until
  }

  /** Takes the own events of a trial from one on; `deltaOf` the k-th spike among them. */
  takeEvents(tape: TrialTape, from: number, deltaOf: (k: number) => number): void {
    const { memory } = this.engine
    const count = tape.count - from
    if (count > this.ownRoom) {
      this.ownRoom = 2 * count
      this.ownAt = memory.take(OWN_EVENT.size * this.ownRoom)
    }
    this.makeSpikeIntervals(count)
    this.from = from
    writeOwnEvents(memory, this.ownAt, tape, from, deltaOf)
  }

  /** Address of room for so many own events beside those. */
  makeRoom(events: number): number {
    if (events > this.spareRoom) {
      this.spareRoom = 2 * events
      this.spareAt = this.engine.memory.take(OWN_EVENT.size * this.spareRoom)
    }
    this.makeSpikeIntervals(events)
    return this.spareAt
  }

  /** For so many own events in a bin: one before each, and one behind the last one of a neuron. */
  private makeSpikeIntervals(events: number): void {
    if (events <= this.spikeIntervalRoom) return
    this.spikeIntervalRoom = 2 * events
    const { memory, adjointHeader } = this.engine
    const bytes = Math.max(SPIKE_INTERVAL.size, UNSCALED_SPIKE_INTERVAL.size)
    adjointHeader.write({ spikeIntervalsAt: memory.take(2 * bytes * this.spikeIntervalRoom) })
  }

  /** Addresses of own events first … end - 1 of the trial. */
  addressesOf(first: number, end: number): { readonly ownFirst: number; readonly ownEnd: number } {
    const address = (k: number) => this.ownAt + OWN_EVENT.size * (k - this.from)
    return { ownFirst: address(first), ownEnd: address(end) }
  }

  /** Says which bin is undone, and what of it is left: from an instant up to `before` another one, in ms. */
  enterBin(number: number, { from, before }: { readonly from: number; readonly before: number }): void {
    const { header, adjointHeader, bin, poissonInputs } = this.engine
    header.write({
      ...{ binStart: number * bin, binPlace: number % poissonInputs.bins },
      binEnd: Math.min((number + 1) * bin, this.until, before),
    })
    adjointHeader.write({ undoneFrom: from - number * bin })
  }

  /** Takes what arrives in a bin; returns how many bytes of records that comes to. */
  takeArrivals(arriving: TapedArrivals | undefined): number {
    const { memory, adjointHeader } = this.engine
    const count = arriving?.count ?? 0
    if (count > this.undoneRoom) {
      this.undoneRoom = 2 * count
      this.undoneAt = memory.take(UNDONE.size * this.undoneRoom)
    }
    adjointHeader.write({ undoneAt: this.undoneAt, undoneCount: count })
    if (arriving === undefined) return 0
    this.openRows.makeRoom(count)
    return writeUndone(memory, this.undoneAt, arriving)
  }
}
