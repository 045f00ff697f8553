import { type KernelMemory, RecordWorkspace } from '../../wasm/kernel-memory.js'
import {
  OWN_EVENT,
  OWN_PEAK,
  OWN_SPIKE,
  SPIKE_INTERVAL,
  UNDONE,
  UNSCALED_SPIKE_INTERVAL,
} from '../../wasm/schema/adjoint-records.js'
import type { WindowEngine } from '../neurons/window-engine.js'
import type { AdjointHeader } from '../window-header.js'
import type { TapedArrivals, TrialTape } from './run-tape.js'

/** Where the kernel finds what it is to undo: own events of a trial in a step, a bin, and what arrives in it. */
export class UndoneWorkspace {
  private readonly engine: WindowEngine
  private readonly openRows: OpenRows
  /** Length of a trial, ms. */
  private readonly until: number
  private readonly own: RecordWorkspace
  private readonly spare: RecordWorkspace
  /** Of each own event in a bin: one interval before it, and one behind the last one of a neuron. */
  private readonly spikeIntervals: RecordWorkspace
  private readonly arrivals: RecordWorkspace
  /** Number of the first own event among those of the trial. */
  private from = 0

  constructor(engine: WindowEngine, openRows: OpenRows, until: number) {
    this.engine = engine
    this.openRows = openRows
    this.until = until
    const { memory } = engine
    this.own = new RecordWorkspace(memory, OWN_EVENT.size)
    this.spare = new RecordWorkspace(memory, OWN_EVENT.size)
    this.spikeIntervals = new RecordWorkspace(memory, 2 * Math.max(SPIKE_INTERVAL.size, UNSCALED_SPIKE_INTERVAL.size))
    this.arrivals = new RecordWorkspace(memory, UNDONE.size)
  }

  /** Takes the own events of a trial from one on; `deltaOf` the k-th spike among them. */
  takeEvents(tape: TrialTape, from: number, deltaOf: (k: number) => number): void {
    const count = tape.count - from
    const own = this.own.take(count)
    this.makeSpikeIntervals(count)
    this.from = from
    writeOwnEvents(this.engine.memory, own, tape, from, deltaOf)
  }

  /** Address of room for `events` own events beside those. */
  makeRoom(events: number): number {
    const spare = this.spare.take(events)
    this.makeSpikeIntervals(events)
    return spare
  }

  private makeSpikeIntervals(events: number): void {
    this.engine.adjointHeader.write({ spikeIntervalsAt: this.spikeIntervals.take(events) })
  }

  /** Addresses of own events first … end - 1 of the trial. */
  addressesOf(first: number, end: number): { readonly ownFirst: number; readonly ownEnd: number } {
    const address = (k: number) => this.own.address + OWN_EVENT.size * (k - this.from)
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
    const undoneAt = this.arrivals.take(count)
    adjointHeader.write({ undoneAt, undoneCount: count })
    if (arriving === undefined) return 0
    this.openRows.makeRoom(count)
    return writeUndone(memory, undoneAt, arriving)
  }
}

/** Writes the arrivals of a bin where they are undone; returns how many bytes of records they come to. */
function writeUndone({ f64, u32 }: KernelMemory, at: number, arriving: TapedArrivals): number {
  const { count, times, projections, units, firsts, ends, slots } = arriving
  let bytes = 0
  for (let k = 0; k < count; k++) {
    const undone = at + UNDONE.size * k
    const [first, end] = [firsts[k] as number, ends[k] as number]
    f64[(undone + UNDONE.at.time) / 8] = times[k] as number
    u32[(undone + UNDONE.at.projection) / 4] = projections[k] as number
    u32[(undone + UNDONE.at.row) / 4] = units[k] as number
    u32[(undone + UNDONE.at.first) / 4] = first
    u32[(undone + UNDONE.at.end) / 4] = end
    u32[(undone + UNDONE.at.slot) / 4] = slots[k] as number
    bytes += end - first
  }
  return bytes
}

/**
 * Writes the own events of a trial from one on.
 *
 * @param deltaOf what came back for the k-th spike among them
 */
function writeOwnEvents(
  { f64, u32 }: KernelMemory,
  at: number,
  { count, times, currents, adaptations, neurons, kinds }: TrialTape,
  from: number,
  deltaOf: (k: number) => number,
): void {
  let spikes = 0
  for (let k = from; k < count; k++) {
    const event = at + OWN_EVENT.size * (k - from)
    const kind = kinds[k] as number
    const ofPeak = kind === OWN_PEAK ? (currents[k] as number) : 0
    f64[(event + OWN_EVENT.at.time) / 8] = times[k] as number
    f64[(event + OWN_EVENT.at.current) / 8] = currents[k] as number
    f64[(event + OWN_EVENT.at.adaptation) / 8] = adaptations[k] as number
    f64[(event + OWN_EVENT.at.delta) / 8] = kind === OWN_SPIKE ? deltaOf(spikes++) : ofPeak
    u32[(event + OWN_EVENT.at.neuron) / 4] = neurons[k] as number
    u32[(event + OWN_EVENT.at.kind) / 4] = kind
  }
}

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

  /** Makes sure that `rows` more rows can be opened. */
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
