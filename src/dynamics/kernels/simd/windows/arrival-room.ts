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
  /** Noise moves the arrivals of spikes. */
  private readonly hasShifts: boolean

  constructor(engine: SimdEngine, options: KernelOptions, hasShifts: boolean) {
    this.engine = engine
    this.options = options
    this.hasShifts = hasShifts
    this.input = engine.memory.take(INPUT.size)
  }

  /** What a window keeps until it is undone: fields of the header. */
  take(arrivals: number): HeaderFields {
    const { engine, options } = this
    const { memory, places } = engine
    const { trials } = options
    const instantRanges = memory.take(RANGE.size * trials)
    const tapeStarts = takeTapeStarts(engine, trials)
    if (places.hasOwnFeed) return { ...this.takeSpikes(arrivals), instantRanges, tapeStarts }
    return {
      ...takeInstants(engine, arrivals + 2 * trials, wantsTaus(options)),
      arrivals: memory.take(ARRIVAL.size * arrivals),
      ...{ instantRanges, tapeStarts },
    }
  }

  /** Room for spikes, and behind it for those that are undone with the window. */
  private takeSpikes(count: number): HeaderFields {
    const { memory, group } = this.engine
    const areListed = this.options.gradients && !this.hasShifts
    const bytes = SPIKE.size * count
    const instants = memory.take(areListed ? 2 * bytes : bytes)
    return {
      instants,
      inhibitions: hasTwoCurrents(group.values) ? memory.take(areListed ? 16 * count : 8 * count) : 0,
      firstComing: areListed ? instants + bytes : 0,
      firstComingRanges: areListed ? memory.take(RANGE.size * this.options.trials) : 0,
    }
  }

  /** On the way back a window is concerned with other spikes where they are undone at once. */
  undoneWith(fields: HeaderFields): HeaderFields {
    const { instants = 0, inhibitions = 0, firstComing = 0, firstComingRanges = 0 } = fields
    if (firstComing === 0) return fields
    const behind = (8 * (firstComing - instants)) / SPIKE.size
    const own = { instants: firstComing, instantRanges: firstComingRanges }
    return { ...fields, ...own, inhibitions: inhibitions === 0 ? 0 : inhibitions + behind }
  }

  /** Brings what arrives in a window into order; returns how many events one trial has at most. */
  prepare(arriving: WindowArrivalLists | WindowSpikeLists): number {
    const { engine, options } = this
    const { memory, places } = engine
    const { offsets, times, units } = arriving
    const events = mostInTrial([arriving], options.trials) * places.mostCopies
    const room = engine.takeEventRoom(events)
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
