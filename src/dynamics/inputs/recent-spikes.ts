import { entryOf } from '../../events/by-name.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Reach } from '../parameters/synapses.js'
import { type KernelInput, lateBatch } from './kernel-input.js'

/** By projection key: the spikes received that may still arrive somewhere. */
export type InFlight = Readonly<Record<string, SpikeTrains>>

/** Spikes in flight as a batch of the input they came through. */
export interface InputBatch {
  readonly input: number
  readonly batch: SpikeBatch
}

/** As it was sent, and as it is known here. */
interface KnownBatch {
  readonly batch: SpikeBatch
  readonly late: SpikeBatch
}

/** The batches a kernel has received, per input, as long as their spikes may still arrive somewhere. */
export class RecentSpikes {
  private readonly inputs: readonly KernelInput[]
  private readonly reach: Reach
  private batches: KnownBatch[][] = []

  constructor(inputs: readonly KernelInput[], reach: Reach) {
    this.inputs = inputs
    this.reach = reach
    this.clear()
  }

  clear(): void {
    this.batches = this.inputs.map(() => [])
  }

  receive(input: number, batch: SpikeBatch): void {
    if (batch.times.length === 0) return
    this.batches[input]?.push({ batch, late: lateBatch(this.inputs[input] as KernelInput, batch) })
  }

  /** Forgets batches of which nothing arrives at `time` or later. */
  forget(time: number): void {
    this.batches.forEach((batches, input) => {
      const reach = this.reach.most((this.inputs[input] as KernelInput).projection)
      while (batches[0] !== undefined && batches[0].late.window.end + reach < time) batches.shift()
    })
  }

  /**
   * By key of their projection the spikes received that some synapse may let arrive at `time` or later: those that nobody
   * hears are not among them, whether they were sent here or not.
   */
  inFlight(time: number, trials: number): InFlight {
    const entries = [...this.keys()].map(([projection, key]): [string, SpikeTrains] => {
      return [key, this.inFlightThrough(projection, time, trials)]
    })
    return Object.fromEntries(entries)
  }

  /** Spikes that were in flight at `time`, by the inputs of their projections, as batches to be received. */
  split(inFlight: InFlight, time: number, trials: number): readonly InputBatch[] {
    return [...this.keys()].flatMap(([projection, key]) => {
      return this.splitThrough(projection, time, entryOf(inFlight, key) ?? noSpikes(trials))
    })
  }

  /** Of the projections; several inputs may come through one. */
  private keys(): ReadonlyMap<number, string> {
    return new Map(this.inputs.map(({ projection, key }) => [projection, key]))
  }

  private inFlightThrough(projection: number, time: number, trials: number): SpikeTrains {
    const received = this.batches.flatMap((batches, input) => {
      return this.inputs[input]?.projection === projection ? batches : []
    })
    const inFlight = received.map(({ batch, late: { times, units } }) => {
      return selectSpikes(batch, (place) => {
        const reach = this.reach.ofUnit(projection, units[place] as number)
        return reach >= 0 && (times[place] as number) + reach >= time
      }).trains
    })
    return joinTrains([noSpikes(trials), ...inFlight]).trains
  }

  private splitThrough(projection: number, time: number, spikes: SpikeTrains): readonly InputBatch[] {
    return [...this.inputs.entries()].flatMap(([input, { projection: own, units, source }]) => {
      if (own !== projection) return []
      const { trains } = selectSpikes(spikes, (place) => {
        const unit = spikes.units[place] as number
        return units.start <= unit && unit < units.end
      })
      return [{ input, batch: { stream: source, sequence: 0, window: { start: 0, end: time }, ...trains } }]
    })
  }
}
