import { readList } from '../../network/reading/read-list.js'
import { readRecord } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'

/** What memory is read and written for: numbers of the network, their gradients, and what a pass keeps. */
export const TRAFFIC_CATEGORIES = Object.freeze(['weights', 'gradients', 'state', 'tape', 'spikes'] as const)

/**
 * Weights and delays; their gradients; state and adjoint of neurons; what the forward pass leaves for the backward
 * pass; spikes: on a grid the numbers of units that spiked, else when and where spikes arrive and what is sent back to
 * them.
 */
export type TrafficCategory = (typeof TRAFFIC_CATEGORIES)[number]

/** In bytes. */
export interface Traffic {
  readonly read: number
  readonly written: number
}

/**
 * Bytes read and written by the passes over trials, by category: every load and store of an array, wherever a cache
 * may hold it. The optimiser and the constants of neurons are left out, and so is what an engine puts from registers onto
 * its own stack. An arrival, an own event or an interval counts once, however often it is read again; what windows load
 * and store between them does not count.
 *
 * A figure means nothing without the length of the trials, the time step, the mini-batch and the number of spikes.
 */
export type MemoryTraffic = Readonly<Record<TrafficCategory, Traffic>>

/** Adds up what a running kernel reads and writes; the kernel reports it row by row, not number by number. */
export class TrafficCounter {
  private readonly bytes = new Float64Array(2 * TRAFFIC_CATEGORIES.length)

  /** `count` numbers of `width` bytes each are read. */
  read(category: TrafficCategory, count: number, width = 4): void {
    this.addTo(2 * TRAFFIC_CATEGORIES.indexOf(category), count * width)
  }

  /** The same, written. */
  write(category: TrafficCategory, count: number, width = 4): void {
    this.addTo(2 * TRAFFIC_CATEGORIES.indexOf(category) + 1, count * width)
  }

  /** The same, read and written in place. */
  update(category: TrafficCategory, count: number, width = 4): void {
    this.read(category, count, width)
    this.write(category, count, width)
  }

  /** Adds the counts of another counter. */
  add(traffic: MemoryTraffic): void {
    for (const category of TRAFFIC_CATEGORIES) {
      this.read(category, traffic[category].read, 1)
      this.write(category, traffic[category].written, 1)
    }
  }

  /** So far. */
  total(): MemoryTraffic {
    const of = (place: number): Traffic => ({
      read: this.bytes[2 * place] as number,
      written: this.bytes[2 * place + 1] as number,
    })
    return { weights: of(0), gradients: of(1), state: of(2), tape: of(3), spikes: of(4) }
  }

  private addTo(place: number, bytes: number): void {
    this.bytes[place] = (this.bytes[place] as number) + bytes
  }
}

/** The sum. */
export function sumTraffic(parts: readonly MemoryTraffic[]): MemoryTraffic {
  const sum = new TrafficCounter()
  for (const part of parts) sum.add(part)
  return sum.total()
}

/** What was moved between two readings of the same counter. */
export function trafficBetween(earlier: MemoryTraffic, later: MemoryTraffic): MemoryTraffic {
  expectTraffic(earlier, 'earlier')
  expectTraffic(later, 'later')
  const of = (category: TrafficCategory): Traffic => ({
    read: later[category].read - earlier[category].read,
    written: later[category].written - earlier[category].written,
  })
  return {
    weights: of('weights'),
    gradients: of('gradients'),
    state: of('state'),
    tape: of('tape'),
    spikes: of('spikes'),
  }
}

function expectTraffic(traffic: MemoryTraffic, field: string): void {
  const categories = readRecord(traffic, field)
  for (const category of TRAFFIC_CATEGORIES) readRecord(categories[category], `${field}.${category}`)
}

/** Bytes read and written over all categories, or some. */
export function totalTraffic(
  traffic: MemoryTraffic,
  categories: readonly TrafficCategory[] = TRAFFIC_CATEGORIES,
): number {
  expectTraffic(traffic, 'traffic')
  const known: readonly string[] = TRAFFIC_CATEGORIES
  for (const [k, category] of readList(categories, 'categories').entries())
    if (!known.includes(category as string)) throw wrongType(category, `categories[${k}]`, known.join(', '))
  return categories.reduce((sum, category) => sum + traffic[category].read + traffic[category].written, 0)
}

/** How often the neurons of a group did something, or their adjoint; see `Neurons` and `Adjoint`. */
export class VerbCount {
  /** Put at rest. */
  resets = 0
  /** Carried over some time: V and the currents; the currents alone; the adaptation. */
  flows = 0
  decays = 0
  adaptations = 0
  /** Own events: arrivals, spikes, ends of refractory periods. */
  arrivals = 0
  spikes = 0
  ends = 0
}
