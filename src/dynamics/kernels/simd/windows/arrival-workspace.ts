import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import type { WindowSpikeLists } from '../../../timeline/spikes-in-flight.js'
import type { WindowArrivalLists } from '../../../timeline/window-arrivals.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import { writeFields } from '../../wasm/fields.js'
import { type HeaderFields, writeHeader } from '../../wasm/header.js'
import { SPIKE } from '../../wasm/schema/delayed-records.js'
import { ARRIVAL, INPUT, RANGE } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import { mostInTrial, takeInstants, takeTapeStarts } from '../passes/simd-forward.js'

/** What arrives in the windows of a run, in the memory of the kernel: room for it, and its order. */
export class ArrivalWorkspace {
  /** Address of the record `INPUT`, which says where the arrivals are listed. */
  readonly input: number
  /** To list arrivals in, of the window that was prepared last: fields of the header. */
  eventRoom: HeaderFields = {}
  private readonly engine: SimdEngine
  private readonly options: KernelOptions
  /** Where neurons have arrivals of their own; else null. */
  private readonly spikes: KeptSpikes | null
  /** Spikes of one trial in the window at most. */
  private most = 0
  /** Spikes are undone with the window. */
  private isComing = false
  /** Room to sort the events of a window; windows that are kept share it. */
  private events: HeaderFields = {}
  private mostEvents = -1

  constructor(engine: SimdEngine, options: KernelOptions) {
    this.engine = engine
    this.options = options
    this.input = engine.memory.take(INPUT.size)
    this.spikes = engine.places.hasPerNeuronArrivals ? new KeptSpikes(engine, options.trials) : null
  }

  /** Has room for what the next window adds to what is kept; whether that was taken from the memory. */
  reserve(arriving: WindowArrivalLists): boolean {
    this.most = this.spikes?.mostWith(arriving) ?? mostInTrial([arriving], this.options.trials)
    return this.spikes?.reserve(this.most) ?? false
  }

  /**
   * What a window keeps until it is undone: fields of the header.
   *
   * @param firstComing of each trial where its spikes begin that are undone with the window; null: all are kept, or nothing
   * is undone
   */
  take({ times }: WindowArrivalLists, firstComing: Uint32Array | null): HeaderFields {
    const { engine, options, spikes } = this
    const { memory } = engine
    const { trials } = options
    const tapeStarts = takeTapeStarts(engine, trials)
    this.isComing = (firstComing?.at(-1) ?? 0) > 0
    if (spikes !== null) {
      const coming = firstComing === null ? { firstComing: 0 } : this.takeComing(firstComing)
      return { ...coming, ...spikes.fields, tapeStarts }
    }
    const instantRanges = memory.take(RANGE.size * trials)
    return {
      ...takeInstants(engine, times.length + 2 * trials, wantsTaus(options)),
      arrivals: memory.take(ARRIVAL.size * times.length),
      ...{ instantRanges, tapeStarts },
    }
  }

  /** Room for the spikes that are undone with the window. */
  private takeComing(starts: Uint32Array): HeaderFields {
    const { memory, group } = this.engine
    const count = starts.at(-1) as number
    const firstComing = memory.take(SPIKE.size * count)
    const firstComingRanges = memory.take(RANGE.size * this.options.trials)
    for (let trial = 0; trial < this.options.trials; trial++)
      writeFields(memory, RANGE, firstComingRanges + RANGE.size * trial, {
        start: firstComing + SPIKE.size * (starts[trial] as number),
        end: firstComing + SPIKE.size * (starts[trial] as number),
      })
    const firstComingInhibitions = hasTwoCurrents(group.values) ? memory.take(8 * count) : 0
    return { firstComing, firstComingRanges, firstComingInhibitions }
  }

  private keptEventRoom(events: number): HeaderFields {
    if (events > this.mostEvents) {
      this.mostEvents = 2 * events
      this.events = this.engine.takeEventRoom(this.mostEvents)
    }
    return this.events
  }

  /** On the way back a window is concerned with other spikes: those that are undone at once, or all that it knew of. */
  undoneWith(fields: HeaderFields): HeaderFields {
    const { firstComing = 0, firstComingRanges = 0, firstComingInhibitions = 0 } = fields
    if (this.spikes === null) return fields
    if (firstComing === 0) return { ...fields, ...this.spikes.copy() }
    return { ...fields, instants: firstComing, instantRanges: firstComingRanges, inhibitions: firstComingInhibitions }
  }

  /**
   * Brings what arrives in a window into order; returns how many events one trial has at most.
   *
   * @param isKept the window is undone later
   */
  prepare(arriving: WindowArrivalLists | WindowSpikeLists, isKept: boolean): number {
    const { engine, options } = this
    const { memory, places } = engine
    const { offsets, times, units } = arriving
    const events = this.most * places.mostCopies
    this.eventRoom = isKept ? this.keptEventRoom(events) : engine.takeEventRoom(events)
    // Also where nothing is new: an earlier run may have had shifts.
    const shifts = 'shifts' in arriving ? arriving.shifts : null
    writeHeader(memory, { ...this.eventRoom, spikeShifts: 0, spikeLatencies: 0 })
    if (this.spikes !== null && shifts === null && times.length === 0 && !this.isComing) return events
    const mark = memory.mark()
    const slots = memory.copy(arriving.slots)
    const numbered = { unit: 0, slot: 0, kind: 0, delays: 0, slots: places.hasPerNeuronArrivals ? 0 : slots }
    const fields = { times: memory.copy(times), units: memory.copy(units), offsets: memory.copy(offsets), ...numbered }
    writeFields(memory, INPUT, this.input, fields)
    if ('shifts' in arriving)
      writeHeader(memory, {
        spikeSlots: slots,
        spikeShifts: shifts === null ? 0 : memory.copy(shifts),
        spikeLatencies: arriving.latencies === null ? 0 : memory.copy(arriving.latencies),
      })
    engine.work('prepare', options.trials)
    memory.release(mark)
    return events
  }
}

/**
 * The spikes that may still arrive somewhere, in the memory of the kernel, where neurons have arrivals of their own: those of
 * a trial lie one behind the other in their order. A window drops from the front what has arrived, and adds what has become
 * known; see assembly/delayed/spikes.ts.
 */
export class KeptSpikes {
  private readonly engine: SimdEngine
  private readonly trials: number
  /** Address of the `RANGE` of each trial. */
  private readonly ranges: number
  private instants = 0
  private inhibitions = 0
  /** Spikes that each trial has room for. */
  private room = 0

  constructor(engine: SimdEngine, trials: number) {
    this.engine = engine
    this.trials = trials
    this.ranges = engine.memory.takeZeros(RANGE.size * trials)
  }

  /** Fields of the header. */
  get fields(): HeaderFields {
    const { instants, inhibitions, room, ranges } = this
    return { instants, inhibitions, spikeRoom: room, instantRanges: ranges }
  }

  /** Spikes of one trial at most, with what is added. */
  mostWith({ offsets }: Pick<WindowArrivalLists, 'offsets'>): number {
    let most = 0
    for (let trial = 0; trial < this.trials; trial++) {
      const { start, end } = this.rangeOf(trial)
      most = Math.max(most, (end - start) / SPIKE.size + (offsets[trial + 1] as number) - (offsets[trial] as number))
    }
    return most
  }

  /** Makes room for `most` spikes of each trial; returns whether the spikes have moved. */
  reserve(most: number): boolean {
    if (most <= this.room && this.room > 0) return false
    const { memory } = this.engine
    const room = 2 * Math.max(most, 1)
    const instants = memory.take(SPIKE.size * room * this.trials)
    const inhibitions = hasTwoCurrents(this.engine.group.values) ? memory.take(8 * room * this.trials) : 0
    for (let trial = 0; trial < this.trials; trial++) {
      const { start, end } = this.rangeOf(trial)
      const into = instants + SPIKE.size * room * trial
      memory.f64.copyWithin(into / 8, start / 8, end / 8)
      if (inhibitions !== 0) {
        const from = this.inhibitions / 8 + (start - this.instants) / SPIKE.size
        memory.f64.copyWithin(inhibitions / 8 + room * trial, from, from + (end - start) / SPIKE.size)
      }
      this.putRange(this.ranges, trial, into, into + end - start)
    }
    Object.assign(this, { instants, inhibitions, room })
    return true
  }

  /** What is kept now, once more, to be undone with the window: fields of the header. */
  copy(): HeaderFields {
    const { memory } = this.engine
    const ranges = memory.take(RANGE.size * this.trials)
    for (let trial = 0; trial < this.trials; trial++) {
      const { start, end } = this.rangeOf(trial)
      const into = memory.take(end - start)
      memory.f64.copyWithin(into / 8, start / 8, end / 8)
      this.putRange(ranges, trial, into, into + end - start)
    }
    return { instantRanges: ranges }
  }

  private rangeOf(trial: number): { readonly start: number; readonly end: number } {
    const { u32 } = this.engine.memory
    const at = (this.ranges + RANGE.size * trial) / 4
    return { start: u32[at + RANGE.at.start / 4] as number, end: u32[at + RANGE.at.end / 4] as number }
  }

  private putRange(ranges: number, trial: number, start: number, end: number): void {
    const { u32 } = this.engine.memory
    const at = (ranges + RANGE.size * trial) / 4
    u32[at + RANGE.at.start / 4] = start
    u32[at + RANGE.at.end / 4] = end
  }
}
