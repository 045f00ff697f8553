import { sortByKey } from '../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { SpikeTape } from './spike-tape.js'

/** The tape records of one step. */
export interface StepRecords {
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
  const order = new Int32Array(total)
  const spare = new Int32Array(total)
  const byUnit = (a: number, b: number) => records.unitOf(a) < records.unitOf(b)
  for (let trial = 0; trial + 1 < starts.length; trial++) {
    const from = starts[trial] as number
    const count = (starts[trial + 1] as number) - from
    const part = order.subarray(from, from + count)
    for (let k = 0; k < count; k++) part[k] = from + k
    sortByKey(part, spare, count, raw, byUnit)
  }
  for (let k = 0; k < total; k++) {
    const source = order[k] as number
    times[k] = raw[source] as number
    units[k] = firstUnit + records.unitOf(source)
    tape.setPlace(firstRecord + source, k)
  }
  return { offsets: new Uint32Array(starts), times, units }
}
