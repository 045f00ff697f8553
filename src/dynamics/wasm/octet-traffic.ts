import { type MemoryTraffic, TRAFFIC_CATEGORIES, type TrafficCategory, TrafficCounter } from '../memory-traffic.js'
import type { KernelMemory } from './kernel-memory.js'
import type { OctetLayout } from './octet-layout.js'
import { writePlan } from './plan.js'
import { TRAFFIC } from './schema/records.js'

/**
 * What a SIMD kernel reads and writes: counted by the passes over octets, of which those that are done once more with
 * more room count once, and here for what is done trial by trial. Idle lanes count like others.
 */
export class OctetTraffic {
  /** Parameters were packed since the last run. */
  isPacked = false
  private isKnown: boolean
  private readonly counter = new TrafficCounter()
  private readonly memory: KernelMemory
  private readonly places: OctetLayout
  private readonly size: number
  private readonly rows: number

  constructor(memory: KernelMemory, places: OctetLayout, size: number) {
    this.memory = memory
    this.places = places
    this.size = size
    this.rows = memory.takeZeros(TRAFFIC.size * places.octets)
    // Arrivals that every neuron has in an order of its own are not counted, nor factors that every neuron has of its own.
    this.isKnown = !places.hasOwnFeed && !places.hasOwnTaus
    writePlan(memory, { traffic: this.rows })
  }

  /** A forward pass is through, of a run that is counted or not; its weights were brought into rows of lanes before. */
  forward(isCounted: boolean): void {
    this.takePass()
    if (!isCounted) this.isKnown = false
    if (!this.isPacked) return
    this.isPacked = false
    const weights = this.size * this.places.rows
    this.counter.read('weights', weights, 8)
    this.counter.write('weights', weights, 8)
  }

  /** A pass over all octets is through; of forward passes `forward` knows. */
  takePass(): void {
    const { f64 } = this.memory
    const sum = (at: number): number => {
      let bytes = 0
      for (let octet = 0; octet < this.places.octets; octet++)
        bytes += f64[(this.rows + TRAFFIC.size * octet + at) / 8] as number
      return bytes
    }
    TRAFFIC_CATEGORIES.forEach((category: TrafficCategory) => {
      this.counter.read(category, sum(TRAFFIC.at[category]), 1)
      this.counter.write(category, sum(TRAFFIC.at[category] + 8), 1)
    })
  }

  /** Spikes were read from the tape, written in event order, and their places noted: time and lane, time and unit. */
  emitted(spikes: number): void {
    this.counter.read('tape', spikes, 16)
    this.counter.write('tape', spikes, 4)
    this.counter.write('spikes', spikes, 12)
  }

  /** Two lane sums of every octet became one sum a block, for every spike that came. */
  summed(slots: number, blocks: number): void {
    this.counter.read('spikes', slots * this.places.octets, 16)
    this.counter.write('spikes', slots * blocks, 8)
  }

  total(): MemoryTraffic | null {
    return this.isKnown ? this.counter.total() : null
  }
}
