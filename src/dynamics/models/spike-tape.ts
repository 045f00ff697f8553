import { placesInOrder } from '../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { integer, type Memory, real } from './memory.js'

/** Which columns a group's tape needs. */
export interface TapeColumns {
  readonly split: boolean
  readonly refractory: boolean
  /** Some neuron has no current, so that V jumps. */
  readonly jumps: boolean
}

/**
 * What the backward pass keeps of the forward pass: one record per own spike, and no voltage.
 *
 * Columns: time, I just before the jump (one per synaptic current), A just before the jump, I at the end of the
 * refractory period if there is one, the weights that have carried a jump if V jumps, and two 32-bit links: the neuron's
 * previous record in the same trial and the spike's place in the emitted batch. 32 bytes a spike, 40 with a refractory period.
 */
export class SpikeTape {
  count = 0
  private readonly memory: Memory
  private base = 0
  private readonly stride: number
  private readonly inhAt: number
  private readonly endAt: number
  private readonly endInhAt: number
  private readonly carriedAt: number

  constructor(memory: Memory, columns: TapeColumns) {
    let stride = 4
    const column = (present: boolean) => (present ? stride++ : -1)
    this.memory = memory
    this.inhAt = column(columns.split)
    this.endAt = column(columns.refractory)
    this.endInhAt = column(columns.refractory && columns.split)
    this.carriedAt = column(columns.jumps)
    this.stride = stride
  }

  /** Of a record; and of what the end of a refractory period adds to it. */
  get recordBytes(): number {
    return 8 * this.stride
  }

  get endBytes(): number {
    return this.endAt < 0 ? 0 : this.endInhAt < 0 ? 8 : 16
  }

  /** @param base where the tape lies: behind the memory's other regions */
  begin(base: number): void {
    this.base = base
  }

  clear(): void {
    this.count = 0
  }

  /** Appends a record and returns its index. */
  append(time: number, iExc: number, iInh: number, adaptation: number, previous: number): number {
    const record = this.count++
    const at = this.base + record * this.stride
    this.memory.grow(at + this.stride)
    const { f64, i32 } = this.memory
    f64[at] = time
    f64[at + 1] = iExc
    f64[at + 2] = adaptation
    i32[2 * (at + 3)] = previous
    i32[2 * (at + 3) + 1] = -1
    if (this.inhAt > 0) f64[at + this.inhAt] = iInh
    if (this.endAt > 0) f64[at + this.endAt] = Number.NaN
    return record
  }

  /** Notes the currents at the end of the refractory period that follows a spike. */
  setEnd(record: number, iExc: number, iInh: number): void {
    const at = this.base + record * this.stride
    this.memory.f64[at + this.endAt] = iExc
    if (this.endInhAt > 0) this.memory.f64[at + this.endInhAt] = iInh
  }

  /** Notes the sum of the positive weights that have carried V over its threshold; NaN: V got there by itself. */
  setCarried(record: number, carried: number): void {
    if (this.carriedAt > 0) this.memory.f64[this.base + record * this.stride + this.carriedAt] = carried
  }

  carried(record: number): number {
    return this.carriedAt > 0 ? real(this.memory.f64, this.base + record * this.stride + this.carriedAt) : Number.NaN
  }

  setPlace(record: number, place: number): void {
    this.memory.i32[2 * (this.base + record * this.stride + 3) + 1] = place
  }

  time(record: number): number {
    return real(this.memory.f64, this.base + record * this.stride)
  }

  /** Sum of the currents just before the jump. */
  current(record: number): number {
    const at = this.base + record * this.stride
    const { f64 } = this.memory
    return this.inhAt > 0 ? real(f64, at + 1) + real(f64, at + this.inhAt) : real(f64, at + 1)
  }

  adaptation(record: number): number {
    return real(this.memory.f64, this.base + record * this.stride + 2)
  }

  /** Sum of the currents at the end of the refractory period; NaN when the trial ended first. */
  endCurrent(record: number): number {
    const at = this.base + record * this.stride
    const { f64 } = this.memory
    return this.endInhAt > 0 ? real(f64, at + this.endAt) + real(f64, at + this.endInhAt) : real(f64, at + this.endAt)
  }

  previous(record: number): number {
    return integer(this.memory.i32, 2 * (this.base + record * this.stride + 3))
  }

  place(record: number): number {
    return integer(this.memory.i32, 2 * (this.base + record * this.stride + 3) + 1)
  }
}

/** The tape records of one step. */
interface StepRecords {
  readonly tape: SpikeTape
  /** Neuron of the step's k-th record. */
  unitOf(k: number): number
  readonly firstRecord: number
  /** Number of the first neuron in the whole group. */
  readonly firstUnit: number
}

/**
 * The spikes of a step in event order: per trial by (time, unit, spike number). Notes each record's place on the tape.
 *
 * @param starts for each trial the number of records the step had written before it, and the total
 */
export function emitSpikes(records: StepRecords, starts: Int32Array): SpikeTrains {
  const { tape, firstRecord, firstUnit } = records
  const total = starts[starts.length - 1] as number
  // Where groups go event by event, most steps emit nothing.
  if (total === 0) return { offsets: new Uint32Array(starts), times: new Float64Array(0), units: new Uint32Array(0) }
  const times = new Float64Array(total)
  const units = new Uint32Array(total)
  const raw = new Float64Array(total)
  for (let k = 0; k < total; k++) raw[k] = tape.time(firstRecord + k)
  const order = placesInOrder(starts, raw, (a, b) => records.unitOf(a) < records.unitOf(b))
  for (let k = 0; k < total; k++) {
    const source = order[k] as number
    times[k] = raw[source] as number
    units[k] = firstUnit + records.unitOf(source)
    tape.setPlace(firstRecord + source, k)
  }
  return { offsets: new Uint32Array(starts), times, units }
}

/** The neuron of each record of a step, by its number in the step. */
export class StepUnits {
  private units = new Int32Array(256)

  note(at: number, n: number): void {
    if (at === this.units.length) {
      const grown = new Int32Array(2 * at)
      grown.set(this.units)
      this.units = grown
    }
    this.units[at] = n
  }

  of(at: number): number {
    return this.units[at] as number
  }
}
