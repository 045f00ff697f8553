import type { LifValues } from '../../../../network/instance/instance.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { WindowHeaderFields } from '../window-header.js'

/** Of the neurons held, less their bias. */
export interface ReducedLevels {
  readonly thresholds: Float64Array
  readonly resets: Float64Array
}

/** The numbers of a window kernel's neurons, in its memory. */
export class NeuronNumbers {
  readonly levels: ReducedLevels
  private readonly memory: KernelMemory
  private readonly places: Required<Pick<WindowHeaderFields, 'thresholdsOf' | 'resetsOf' | 'adaptStepsOf' | 'restless'>>
  private readonly refractoriesOf: number

  constructor(memory: KernelMemory, { size, refractory }: LifValues) {
    this.memory = memory
    this.levels = { thresholds: new Float64Array(size), resets: new Float64Array(size) }
    this.places = {
      thresholdsOf: memory.take(8 * size),
      resetsOf: memory.take(8 * size),
      adaptStepsOf: memory.take(8 * size),
      restless: memory.take(4 * size),
    }
    this.refractoriesOf = memory.copy(refractory)
  }

  /**
   * Takes over what neurons have now; returns fields of the header.
   *
   * @param weights of the Poisson inputs that are drawn into sums: what bounds a neuron's course counts on their exciting it
   */
  follow({ threshold, vReset, bias, adaptStep }: LifValues, weights: readonly Float64Array[]): WindowHeaderFields {
    const { levels, places, refractoriesOf } = this
    const { f64, u32 } = this.memory
    levels.thresholds.set(threshold.map((value, n) => value - (bias[n] as number)))
    levels.resets.set(vReset.map((value, n) => value - (bias[n] as number)))
    f64.set(levels.thresholds, places.thresholdsOf / 8)
    f64.set(levels.resets, places.resetsOf / 8)
    f64.set(adaptStep, places.adaptStepsOf / 8)
    const restless = [...bias.keys()].filter((n) => weights.some((ofPoissonInput) => (ofPoissonInput[n] as number) < 0))
    u32.set(restless, places.restless / 4)
    return { ...places, refractoriesOf, restlessCount: restless.length }
  }
}
