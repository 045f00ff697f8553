import { hasTwoCurrents } from '../../parameters/group-traits.js'
import { TRIAL_CHUNK } from '../../parameters/trial-sum.js'
import type { TrafficCounter } from '../../traffic/memory-traffic.js'
import { type KernelOptions, wantsTaus } from '../kernel-options.js'
import { BIN, SPIKE } from '../wasm/schema/delayed-records.js'
import { EVENT, LANE_COUNT } from '../wasm/schema/records.js'
import type { LaidOutGroup } from './layout/simd-layout.js'
import { ROW } from './layout/synapse-rows.js'
import type { ArrivingRows } from './windows/arriving-rows.js'

/** What is done with the arrivals of a run whose neurons each have an order of their own. */
export interface ArrivalWork {
  /** They are added up in bins of a grid of time; see assembly/delayed. */
  readonly isBinned: boolean
  /** Neurons fire. */
  readonly fires: boolean
  /** Maxima are looked for. */
  readonly hasPeaks: boolean
  /** Voltages are integrated. */
  readonly isIntegrated: boolean
}

/**
 * What a SIMD kernel reads and writes where neurons have arrivals of their own, so far as it follows from the spikes that
 * come: an arrival counts with the row of eight that it lies in, however often somebody lists it. The passes count the rest.
 */
export class OwnFeedTraffic {
  private readonly counter: TrafficCounter
  private readonly group: LaidOutGroup

  constructor(counter: TrafficCounter, group: LaidOutGroup) {
    this.counter = counter
    this.group = group
  }

  /**
   * Parameters were brought into rows of lanes: weights and delays, and beside them the weight that drives either state, and
   * the growth of either adjoint.
   */
  packed(): void {
    const { count } = this.group.synapses
    this.counter.read('weights', count, 2 * 8)
    this.counter.write('weights', count, 6 * 8)
  }

  /** Spikes have come, which arrive once everywhere. */
  arrived({ rows }: ArrivingRows, { isBinned, fires, hasPeaks, isIntegrated }: ArrivalWork): void {
    if (fires && isBinned) this.dealt(rows)
    if (fires && !isBinned) this.listed(rows)
    if (hasPeaks) this.listed(rows)
    if (!isIntegrated) return
    this.counter.read('spikes', rows, SPIKE.size / 2)
    this.counter.read('weights', rows, 2 * ROW)
    this.counter.read('state', rows, ROW)
    this.counter.write('state', rows, ROW)
  }

  /** Per lane its delay and what drives it, and the sums of a bin. */
  private dealt(rows: number): void {
    this.counter.read('spikes', rows, SPIKE.size)
    this.counter.read('weights', rows, 3 * ROW)
    this.counter.read('state', rows, BIN.size)
    this.counter.write('state', rows, BIN.size)
  }

  /** Per lane its delay, an event in a list, and its weight. */
  private listed(rows: number): void {
    this.counter.read('spikes', rows, SPIKE.size / 2 + EVENT.size * LANE_COUNT)
    this.counter.write('spikes', rows, EVENT.size * LANE_COUNT)
    this.counter.read('weights', rows, 2 * ROW)
  }

  /** The arrivals at integrals were undone. */
  undoneIntegrals({ rows }: ArrivingRows, options: KernelOptions, hasEvents: boolean): void {
    const { counter } = this
    counter.read('spikes', rows, SPIKE.size / 2)
    counter.read('weights', rows, 2 * ROW)
    counter.read('state', rows, hasEvents ? 2 * ROW : ROW)
    counter.write('state', rows, ROW)
    const told = wantsTaus(options) ? 4 * ROW : 2 * ROW
    counter.read('gradients', rows, told)
    counter.write('gradients', rows, told)
    if (hasEvents) counter.write('spikes', rows, 16)
  }

  /**
   * Gradients were summed over trials in the tree of chunks, and handed over.
   *
   * @param inWindows every trial has summed a vector of its own
   */
  gradients(options: KernelOptions, inWindows: boolean): void {
    const { synapses, values } = this.group
    const { trials } = options
    const taus = wantsTaus(options) ? 2 + Number(hasTwoCurrents(values)) + Number(values.kind === 'lif') : 0
    const length = 2 * synapses.count + (3 + taus) * values.size
    const chunks = Math.ceil(trials / TRIAL_CHUNK)
    const sums = chunks - 1
    const ofTrials = inWindows ? trials : 0
    this.counter.read('gradients', length * (2 * sums + ofTrials + 1), 8)
    this.counter.write('gradients', length * (chunks + ofTrials + sums + 1), 8)
  }
}
