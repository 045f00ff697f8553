import { hasTwoCurrents } from '../../parameters/group-traits.js'
import { TRIAL_CHUNK } from '../../parameters/trial-sum.js'
import { type MemoryTraffic, TRAFFIC_CATEGORIES, TrafficCounter } from '../../traffic/memory-traffic.js'
import { type KernelOptions, wantsEvents, wantsTaus } from '../kernel-options.js'
import { writeHeader } from '../wasm/header.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { NEURON_ROWS, TAU_ROWS, TRAFFIC } from '../wasm/schema/records.js'
import type { LaidOutGroup, SimdLayout } from './layout/simd-layout.js'
import { ROW } from './layout/synapse-rows.js'
import { type ArrivalWork, OwnFeedTraffic } from './own-feed-traffic.js'
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
  private readonly own: OwnFeedTraffic | null
  /** Address. */
  private readonly counts: number

  constructor(memory: KernelMemory, places: SimdLayout, group: LaidOutGroup) {
    this.memory = memory
    this.places = places
    this.group = group
    this.units = new RowsOfUnits(group.synapses, places.laneGroups)
    this.own = places.hasOwnFeed ? new OwnFeedTraffic(this.counter, group) : null
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
    this.counter.read('weights', weights, 8)
    this.counter.write('weights', weights, 8)
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
    const ofNeuron = taus === 0 ? 3 : 5 + Number(hasTwoCurrents(values)) + Number(values.kind === 'lif')
    counter.read('gradients', values.size * (rows + ofNeuron), 8)
    counter.write('gradients', values.size * (rows + ofNeuron), 8)
  }

  total(): MemoryTraffic {
    return this.counter.total()
  }
}
