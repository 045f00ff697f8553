import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { HeldUnits } from '../../../../network/instance/instance.js'
import { createEmitter, type Emitter } from '../../../emission/emitter.js'
import { poissonPosition } from '../../../emission/poisson-process.js'
import type { KernelOptions } from '../../kernel-options.js'
import type { PoissonInput } from './poisson-input-places.js'

/** A Poisson input, and the number of its projection among the kernel's. */
export interface EmittedPoissonInput {
  readonly projection: number
  readonly poissonInput: PoissonInput
}

/** Lets the spikes of a Poisson input arrive. */
export type Arrive = (projection: number, delay: number, trains: SpikeTrains) => void

/**
 * The Poisson inputs whose spikes cannot be drawn into the sums of bins, since their delay, or the bins, are no longer those of
 * the description: they are emitted here as their source would, and arrive like all others.
 */
export class EmittedPoissonInputs {
  private readonly poissonInputs: readonly EmittedPoissonInput[]
  private readonly units: HeldUnits
  private readonly seed: number
  private emitters: readonly Emitter[] = []

  /** @param units the neurons held: a Poisson input projects one to one */
  constructor(poissonInputs: readonly EmittedPoissonInput[], units: HeldUnits, seed: number) {
    this.poissonInputs = poissonInputs
    this.units = units
    this.seed = seed
  }

  get isEmpty(): boolean {
    return this.poissonInputs.length === 0
  }

  /** @param time in ms from which on arrivals are of interest; earlier ones may be passed on, too */
  begin({ trials, firstTrial }: Pick<KernelOptions, 'trials' | 'firstTrial'>, time: number): void {
    const { start, size, total } = this.units
    this.emitters = this.poissonInputs.map(({ poissonInput: { source: name, rate, start: from, stop, delay } }) => {
      const emission = { process: 'poisson', rate: new Float64Array(size).fill(rate), start: from, stop } as const
      const values = { kind: 'source', name, size, start, total, emission } as const
      const emitter = createEmitter(values, { seed: this.seed, trials, firstTrial })
      if (time > 0) {
        const positions = new Float64Array(trials * size).fill(poissonPosition(rate, time - delay))
        emitter.resume({ counts: new Float64Array(trials * size), positions })
      }
      return emitter
    })
  }

  /** Passes on all spikes before an instant that were not passed on yet. */
  emit(before: number, arrive: Arrive): void {
    this.poissonInputs.forEach(({ projection, poissonInput }, d) => {
      arrive(projection, poissonInput.delay, (this.emitters[d] as Emitter).emit(before))
    })
  }

  /** The first arrival, in ms, of a spike that was not passed on yet; Infinity if there is none. */
  due(): number {
    return this.poissonInputs.reduce((least, { poissonInput }, d) => {
      return Math.min(least, (this.emitters[d] as Emitter).due() + poissonInput.delay)
    }, Number.POSITIVE_INFINITY)
  }
}
