import type { DelayRange } from '../../../parameters/synapses.js'
import type { WindowArrivalsOptions } from './window-arrivals.js'

/** A batch in the order of its times within each trial. */
export interface Flight {
  /** Among all batches received. */
  readonly number: number
  readonly input: number
  readonly times: Float64Array
  readonly units: Uint32Array
  readonly slots: Uint32Array
  readonly shifts: Float64Array
  readonly latencies: Float64Array
  readonly offsets: Uint32Array
}

export interface SpikesInFlightOptions extends WindowArrivalsOptions {
  /** Of each input, with what noise may do to it. */
  readonly ranges: readonly DelayRange[]
  /** See `leastDelaysOf`. */
  readonly leastDelays: Float64Array
  /** Chance may shift arrivals. */
  readonly hasShifts: boolean
  /** Spikes are undone with the window of their earliest arrival. */
  readonly countsComing: boolean
}
