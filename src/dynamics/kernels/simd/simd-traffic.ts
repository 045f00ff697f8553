import { isSpiking } from '../../../network/models/models.js'
import { hasTwoCurrents } from '../../parameters/group-traits.js'
import { TRIAL_CHUNK } from '../../parameters/trial-sum.js'
import { type MemoryTraffic, TRAFFIC_CATEGORIES, TrafficCounter } from '../../traffic/memory-traffic.js'
import { type KernelOptions, wantsEvents, wantsTaus } from '../kernel-options.js'
import { writeHeader } from '../wasm/header.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { BIN, SPIKE } from '../wasm/schema/delayed-records.js'
import { EVENT, LANE_COUNT, NEURON_ROWS, TAU_ROWS, TRAFFIC } from '../wasm/schema/records.js'
import type { LaidOutGroup, SimdLayout } from './layout/simd-layout.js'
import { ROW } from './layout/synapse-rows.js'
import { type ArrivingRows, RowsOfUnits } from './windows/arriving-rows.js'

/**
 * What a SIMD kernel reads and writes: counted by the passes over lane groups, of which those that are done once more with
 * more room count once, and here for what is done trial by trial. Idle lanes count like others. Whatever follows from how a
 * run is cut into windows is left out, so that no figure depends on it.
 */
export class SimdTraffic {
  /** Parameters were packed since the last run. */
  isPacked = false
  private readonly counter = new TrafficCounter()
  private readonly memory: KernelMemory
  private readonly places: SimdLayout
  private readonly group: LaidOutGroup
  private readonly units: RowsOfUnits
  /** Null where all neurons meet the same arrivals. */
  private readonly own: PerNeuronTraffic | null
  /** Address. */
  private readonly counts: number

  constructor(memory: KernelMemory, places: SimdLayout, group: LaidOutGroup) {
    this.memory = memory
    this.places = places
    this.group = group
    this.units = new RowsOfUnits(group.synapses, places.laneGroups)
    this.own = places.hasPerNeuronArrivals ? new PerNeuronTraffic(this.counter, group) : null
    this.counts = memory.takeZeros(TRAFFIC.size * places.laneGroups)
    writeHeader(memory, { traffic: this.counts })
  }

  /** Where spikes that have come through a projection arrive. */
  rowsOf(projection: number, units: ArrayLike<number>): ArrivingRows {
    return this.units.of(projection, units)
  }

  /** Spikes have come that the neurons are to be run with. */
  arrived(where: ArrivingRows, work: ArrivalWork): void {
    this.own?.arrived(where, work)
  }

  /** A forward pass is through; its weights were brought into rows of lanes before. */
  forward(): void {
    this.takePass()
    if (!this.isPacked) return
    this.isPacked = false
    if (this.own !== null) {
      this.own.packed()
      return
    }
    const weights = this.group.values.size * this.places.rows
    this.counter.update('weights', weights, 8)
  }

  /** A pass over all lane groups is through; of forward passes `forward` knows. */
  takePass(): void {
    for (const category of TRAFFIC_CATEGORIES) {
      const at = TRAFFIC.at[category]
      this.counter.read(category, this.countedAt(at), 1)
      this.counter.write(category, this.countedAt(at + 8), 1)
    }
  }

  /** Bytes that the lane groups have counted in a place of their records, all together. */
  private countedAt(at: number): number {
    const { f64 } = this.memory
    const first = (this.counts + at) / 8
    const step = TRAFFIC.size / 8
    const end = first + step * this.places.laneGroups
    let bytes = 0
    for (let place = first; place < end; place += step) bytes += f64[place] as number
    return bytes
  }

  /** Spikes were read from the tape, written in event order, and their places noted: time and lane, time and unit. */
  emitted(spikes: number): void {
    this.counter.read('tape', spikes, 16)
    this.counter.write('tape', spikes, 4)
    this.counter.write('spikes', spikes, 12)
  }

  /** The arrivals of some spikes at the integrals of a readout were undone. */
  undoneIntegrals(where: ArrivingRows, options: KernelOptions): void {
    const { layout, synapses } = this.group
    this.own?.undoneIntegrals(where, options, wantsEvents(options, layout, synapses))
  }

  /** Of every spike that came two lane sums of every lane group were set to 0, and became one sum a block. */
  summed({ rows, blocks }: ArrivingRows): void {
    this.counter.write('spikes', rows, 16)
    this.counter.read('spikes', rows, 16)
    this.counter.write('spikes', blocks, 8)
  }

  /**
   * The trials of a run are undone: gradients were set to 0, summed over trials and handed over.
   *
   * @param rows of weights that this was done with
   */
  undone(options: KernelOptions, inWindows: boolean, rows: number): void {
    if (this.own !== null) {
      this.own.gradients(options, inWindows)
      return
    }
    const { group, counter } = this
    const leaves = Math.ceil(options.trials / TRIAL_CHUNK)
    const taus = wantsTaus(options) ? TAU_ROWS.size : 0
    const vectors = (ROW * rows + NEURON_ROWS.size + taus) * this.places.laneGroups
    // In windows each trial has a vector.
    const [cleared, folded] = inWindows ? [options.trials, leaves] : [leaves, 0]
    counter.read('gradients', 2 * (leaves - 1) + (inWindows ? cleared : 0), vectors)
    counter.write('gradients', leaves - 1 + cleared + folded, vectors)
    const { values } = group
    const ofNeuron = taus === 0 ? 3 : 5 + Number(hasTwoCurrents(values)) + Number(isSpiking(values))
    counter.update('gradients', values.size * (rows + ofNeuron), 8)
  }

  total(): MemoryTraffic {
    return this.counter.total()
  }
}

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
 * come: an arrival counts with the row of eight that it lies in, however often it is listed. The passes count the rest.
 */
class PerNeuronTraffic {
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
    this.counter.update('state', rows, ROW)
  }

  /** Per lane its delay and what drives it, and the sums of a bin. */
  private dealt(rows: number): void {
    this.counter.read('spikes', rows, SPIKE.size)
    this.counter.read('weights', rows, 3 * ROW)
    this.counter.update('state', rows, BIN.size)
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
    const bytes = wantsTaus(options) ? 4 * ROW : 2 * ROW
    counter.update('gradients', rows, bytes)
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
    const taus = wantsTaus(options) ? 2 + Number(hasTwoCurrents(values)) + Number(isSpiking(values)) : 0
    const length = 2 * synapses.count + (3 + taus) * values.size
    const chunks = Math.ceil(trials / TRIAL_CHUNK)
    const sums = chunks - 1
    const ofTrials = inWindows ? trials : 0
    this.counter.read('gradients', length * (2 * sums + ofTrials + 1), 8)
    this.counter.write('gradients', length * (chunks + ofTrials + sums + 1), 8)
  }
}
