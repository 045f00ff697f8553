import { bandPush } from '../../../models/rate-band.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import type { WindowEngine } from '../neurons/window-engine.js'
import type { AdjointHeaderFields } from './adjoint-header.js'
import type { GradientVector } from './gradient-vector.js'
import { type AdjointSizes, adjointSizes } from './parked-bin.js'

/** The adjoints of the neurons in a trial, and the gradient that is summed up there: where they lie, and how they begin. */
export class TrialAdjoints {
  readonly sizes: AdjointSizes
  private readonly engine: WindowEngine
  private readonly vector: GradientVector
  private readonly options: KernelOptions

  constructor(engine: WindowEngine, vector: GradientVector, options: KernelOptions) {
    this.engine = engine
    this.vector = vector
    this.options = options
    this.sizes = adjointSizes(engine.isUnscaled)
  }

  take(): AdjointHeaderFields {
    const { options, vector } = this
    const { memory, values } = this.engine
    const { size } = values
    const { pairs, restarts, tauStates, adaptations } = this.sizes
    return {
      ...{ pairs: memory.takeZeros(pairs * size), restarts: memory.takeZeros(restarts * size) },
      tauStates: wantsTaus(options) ? memory.takeZeros(tauStates * size) : 0,
      adaptations: memory.takeZeros(adaptations * size),
      pushes: options.rateBand === undefined ? 0 : memory.takeZeros(8 * size),
      ...vector.fieldsAt(memory.takeZeros(8 * vector.length)),
    }
  }

  /**
   * Nothing acts on a neuron at the end of a trial.
   *
   * @param spikeCount spikes of the n-th neuron held in the trial
   */
  begin(regions: AdjointHeaderFields, spikeCount: (n: number) => number): void {
    const { sizes, options } = this
    const { memory, values } = this.engine
    const { pairs, restarts, adaptations, tauStates, pushes } = regions as Required<AdjointHeaderFields>
    const clear = (at: number, bytes: number) => memory.f64.fill(0, at / 8, (at + bytes * values.size) / 8)
    clear(pairs, sizes.pairs)
    clear(restarts, sizes.restarts)
    clear(adaptations, sizes.adaptations)
    if (tauStates !== 0) clear(tauStates, sizes.tauStates)
    const { rateBand } = options
    for (let n = 0; rateBand !== undefined && n < values.size; n++)
      memory.f64[pushes / 8 + n] = bandPush(rateBand, spikeCount(n))
  }
}
