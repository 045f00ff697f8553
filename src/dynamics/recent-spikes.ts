import { noSpikes } from '../events/no-spikes.js'
import { selectSpikes } from '../events/select-spikes.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import { joinTrains } from './join-trains.js'
import type { KernelInput } from './kernel-input.js'

/** The longest delay of a projection's synapses, in ms. */
export type ReachOf = (projection: number) => number

/** Spikes in flight as a batch of the input they came through. */
export interface InputBatch {
  readonly input: number
  readonly batch: SpikeBatch
}

/** The batches a kernel has received, per input, as long as their spikes may still arrive somewhere. */
export class RecentSpikes {
  private readonly inputs: readonly KernelInput[]
  private readonly reachOf: ReachOf
  private batches: SpikeBatch[][] = []

  constructor(inputs: readonly KernelInput[], reachOf: ReachOf) {
    this.inputs = inputs
    this.reachOf = reachOf
    this.clear()
  }

  clear(): void {
    this.batches = this.inputs.map(() => [])
  }

  receive(input: number, batch: SpikeBatch): void {
    if (batch.times.length > 0) this.batches[input]?.push(batch)
  }

  /** Forgets batches of which nothing arrives at `time` or later. */
  forget(time: number): void {
    this.batches.forEach((batches, input) => {
      const reach = this.reachOf((this.inputs[input] as KernelInput).projection)
      while (batches[0] !== undefined && batches[0].window.end + reach < time) batches.shift()
    })
  }

  /** The spikes received through a projection, of which some synapse may let arrive one at `time` or later. */
  inFlight(projection: number, time: number, trials: number): SpikeTrains {
    const received = this.batches.flatMap((batches, input) => {
      return this.inputs[input]?.projection === projection ? batches : []
    })
    const { trains } = joinTrains([noSpikes(trials), ...received])
    const reach = this.reachOf(projection)
    return selectSpikes(trains, (place) => (trains.times[place] as number) + reach >= time).trains
  }

  /** Spikes that were in flight at `time`, by the inputs of their projection. */
  split(projection: number, time: number, spikes: SpikeTrains): readonly InputBatch[] {
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
