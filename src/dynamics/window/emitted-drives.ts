import type { SpikeTrains } from '../../events/spike-trains.js'
import type { HeldUnits } from '../../network/instance/instance.js'
import { createEmitter, type Emitter } from '../emission/emitter.js'
import { poissonPosition } from '../emission/poisson-process.js'
import type { Drive } from './drive-places.js'

/** A drive, and the number of its projection among the kernel's. */
export interface EmittedDrive {
  readonly projection: number
  readonly drive: Drive
}

/** Lets the spikes of a drive arrive. */
export type Arrive = (projection: number, delay: number, trains: SpikeTrains) => void

/**
 * The drives whose spikes cannot be drawn into the sums of cells, since their delay, or the cells, are no longer those of
 * the description: they are emitted here as their source would, and arrive like all others.
 */
export class EmittedDrives {
  private readonly drives: readonly EmittedDrive[]
  private readonly units: HeldUnits
  private readonly seed: number
  private emitters: readonly Emitter[] = []

  /** @param units the neurons held: a drive projects one to one */
  constructor(drives: readonly EmittedDrive[], units: HeldUnits, seed: number) {
    this.drives = drives
    this.units = units
    this.seed = seed
  }

  get isEmpty(): boolean {
    return this.drives.length === 0
  }

  /** @param time in ms from which on arrivals are of interest; earlier ones may be told, too */
  begin(trials: number, time: number): void {
    const { start, size, total } = this.units
    this.emitters = this.drives.map(({ drive: { source: name, rate, start: from, stop, delay } }) => {
      const emission = { process: 'poisson', rate: new Float64Array(size).fill(rate), start: from, stop } as const
      const values = { kind: 'source', name, size, start, total, emission } as const
      const emitter = createEmitter(values, { seed: this.seed, trials })
      if (time > 0) {
        const positions = new Float64Array(trials * size).fill(poissonPosition(rate, time - delay))
        emitter.resume({ counts: new Float64Array(trials * size), positions })
      }
      return emitter
    })
  }

  /** Tells all spikes before an instant that were not told yet. */
  emit(before: number, arrive: Arrive): void {
    this.drives.forEach(({ projection, drive }, d) => {
      arrive(projection, drive.delay, (this.emitters[d] as Emitter).emit(before))
    })
  }

  /** The first arrival, in ms, of a spike that was not told yet; Infinity if there is none. */
  due(): number {
    return this.drives.reduce((least, { drive }, d) => {
      return Math.min(least, (this.emitters[d] as Emitter).due() + drive.delay)
    }, Number.POSITIVE_INFINITY)
  }
}
