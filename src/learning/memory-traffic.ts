/** What memory is read and written for: numbers of the network, their gradients, and what a pass keeps. */
export const TRAFFIC_CATEGORIES = Object.freeze(['weights', 'gradients', 'state', 'tape', 'spikes'] as const)

/**
 * Weights and delays; their gradients; state and adjoint of neurons; what the forward pass leaves for the backward
 * pass; the numbers of units that spiked.
 */
export type TrafficCategory = (typeof TRAFFIC_CATEGORIES)[number]

/** In bytes. */
export interface Traffic {
  readonly read: number
  readonly written: number
}

/**
 * Bytes read and written by the passes over trials, by category: every load and store of an array, wherever a cache
 * may hold it. The optimiser and the constants of neurons are left out.
 *
 * A figure means nothing without the length of the trials, the time step, the mini-batch and the number of spikes.
 */
export type MemoryTraffic = Readonly<Record<TrafficCategory, Traffic>>

/** Adds up what a running kernel reads and writes; it is told row by row, not number by number. */
export class TrafficCounter {
  private readonly bytes = new Float64Array(2 * TRAFFIC_CATEGORIES.length)

  /** `count` numbers of `width` bytes each are read. */
  read(category: TrafficCategory, count: number, width = 4): void {
    this.add(2 * TRAFFIC_CATEGORIES.indexOf(category), count * width)
  }

  /** The same, written. */
  write(category: TrafficCategory, count: number, width = 4): void {
    this.add(2 * TRAFFIC_CATEGORIES.indexOf(category) + 1, count * width)
  }

  /** So far. */
  total(): MemoryTraffic {
    const of = (place: number): Traffic => ({
      read: this.bytes[2 * place] as number,
      written: this.bytes[2 * place + 1] as number,
    })
    return { weights: of(0), gradients: of(1), state: of(2), tape: of(3), spikes: of(4) }
  }

  private add(place: number, bytes: number): void {
    this.bytes[place] = (this.bytes[place] as number) + bytes
  }
}

/** What was moved between two readings of the same counter. */
export function trafficBetween(earlier: MemoryTraffic, later: MemoryTraffic): MemoryTraffic {
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

/** Bytes read and written over all categories, or some. */
export function totalTraffic(
  traffic: MemoryTraffic,
  categories: readonly TrafficCategory[] = TRAFFIC_CATEGORIES,
): number {
  return categories.reduce((sum, category) => sum + traffic[category].read + traffic[category].written, 0)
}
