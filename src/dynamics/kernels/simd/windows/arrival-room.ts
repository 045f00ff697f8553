import type { KernelOptions } from '../../kernel-options.js'
import { wantsTaus } from '../../wants.js'
import { writeFields } from '../../wasm/fields.js'
import { type HeaderFields, writeHeader } from '../../wasm/header.js'
import { SPIKE } from '../../wasm/schema/delayed-records.js'
import { ARRIVAL, INPUT, RANGE } from '../../wasm/schema/records.js'
import { takeInstants } from '../layout/instant-room.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import { hasTwoCurrents } from '../layout/simd-layout.js'
import { mostInTrial } from '../passes/most-in-trial.js'
import { takeTapeStarts } from '../passes/simd-forward.js'
import type { WindowSpikeLists } from './spikes-in-flight.js'
import type { WindowArrivalLists } from './window-arrivals.js'

/** What arrives in the windows of a run, in the memory of the kernel: room for it, and its order. */
export class ArrivalRoom {
  /** Address of what says where arrivals are told. */
  readonly input: number
  private readonly engine: SimdEngine
  private readonly options: KernelOptions
  /** Room for so many spikes, and to put so many events in order, of whatever window is run; windows that are kept share it. */
  private spikes: HeaderFields = {}
  private mostSpikes = -1
  private events: HeaderFields = {}
  private mostEvents = -1

  constructor(engine: SimdEngine, options: KernelOptions) {
    this.engine = engine
    this.options = options
    this.input = engine.memory.take(INPUT.size)
  }

  /**
   * What a window keeps until it is undone: fields of the header.
   *
   * @param firstComing of each trial where its spikes begin that are undone with the window; null: all are kept, or nothing
   * is undone
   */
  take({ times }: WindowArrivalLists, firstComing: Uint32Array | null): HeaderFields {
    const { engine, options } = this
    const { memory, places } = engine
    const { trials } = options
    const count = times.length
    const instantRanges = memory.take(RANGE.size * trials)
    const tapeStarts = takeTapeStarts(engine, trials)
    if (places.hasOwnFeed) {
      const spikes = firstComing === null ? this.roomFor(count) : this.takeComing(count, firstComing)
      return { firstComing: 0, ...spikes, instantRanges, tapeStarts }
    }
    return {
      ...takeInstants(engine, count + 2 * trials, wantsTaus(options)),
      arrivals: memory.take(ARRIVAL.size * count),
      ...{ instantRanges, tapeStarts },
    }
  }

  /** Room for spikes, and for those among them that are kept. */
  private takeComing(spikes: number, starts: Uint32Array): HeaderFields {
    const { memory } = this.engine
    if (spikes > this.mostSpikes) {
      this.mostSpikes = 2 * spikes
      this.spikes = this.roomFor(this.mostSpikes)
    }
    const count = starts.at(-1) as number
    const firstComing = memory.take(SPIKE.size * count)
    const firstComingRanges = memory.take(RANGE.size * this.options.trials)
    for (let trial = 0; trial < this.options.trials; trial++)
      writeFields(memory, RANGE, firstComingRanges + RANGE.size * trial, {
        start: firstComing + SPIKE.size * (starts[trial] as number),
      })
    const firstComingInhibitions = this.hasTwoCurrents ? memory.take(8 * count) : 0
    return { ...this.spikes, firstComing, firstComingRanges, firstComingInhibitions }
  }

  private roomFor(spikes: number): HeaderFields {
    const { memory } = this.engine
    return {
      instants: memory.take(SPIKE.size * spikes),
      inhibitions: this.hasTwoCurrents ? memory.take(8 * spikes) : 0,
    }
  }

  private eventRoomFor(events: number): HeaderFields {
    if (events > this.mostEvents) {
      this.mostEvents = 2 * events
      this.events = this.engine.takeEventRoom(this.mostEvents)
    }
    return this.events
  }

  private get hasTwoCurrents(): boolean {
    return hasTwoCurrents(this.engine.group.values)
  }

  /** On the way back a window is concerned with other spikes where they are undone at once. */
  undoneWith(fields: HeaderFields): HeaderFields {
    const { firstComing = 0, firstComingRanges = 0, firstComingInhibitions = 0 } = fields
    if (firstComing === 0) return fields
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
    const events = mostInTrial([arriving], options.trials) * places.mostCopies
    const room = isKept ? this.eventRoomFor(events) : engine.takeEventRoom(events)
    const mark = memory.mark()
    const slots = memory.copy(arriving.slots)
    const numbered = { unit: 0, slot: 0, kind: 0, delays: 0, slots: places.hasOwnFeed ? 0 : slots }
    const fields = { times: memory.copy(times), units: memory.copy(units), offsets: memory.copy(offsets), ...numbered }
    writeFields(memory, INPUT, this.input, fields)
    writeHeader(memory, room)
    if ('shifts' in arriving)
      writeHeader(memory, {
        spikeSlots: slots,
        spikeShifts: arriving.shifts === null ? 0 : memory.copy(arriving.shifts),
        spikeLatencies: arriving.latencies === null ? 0 : memory.copy(arriving.latencies),
      })
    engine.work('prepare', options.trials)
    memory.release(mark)
    return events
  }
}
