import type { LifValues } from '../../../../network/instance/instance.js'
import { sameTaus } from '../../wasm/header.js'
import { commonTaus } from '../../wasm/tau-fields.js'
import type { PoissonInput } from '../poisson/poisson-input-places.js'

export interface WindowNeuronsOptions extends PoissonDrivenNeurons {
  readonly values: LifValues
  /** Length of a bin in ms, see `binLength`. */
  readonly bin: number
  readonly seed: number
  /** Neurons have two synaptic time constants, or time constants of their own. */
  readonly isUnscaled: boolean
}

/** The Poisson inputs that are drawn into the sums of bins, with a weight per neuron held. */
export interface PoissonDrivenNeurons {
  readonly poissonInputs: readonly PoissonInput[]
  readonly weights: readonly Float64Array[]
}

/** Whether nothing but numbers per neuron differs, with bins as long, from what memory was laid out for. */
export function isLaidOutAlike(
  options: WindowNeuronsOptions,
  values: LifValues,
  poissonInputs: readonly PoissonInput[],
): boolean {
  if (poissonInputs.length !== options.poissonInputs.length) return false
  if (!options.isUnscaled && !sameTaus(commonTaus(values), commonTaus(options.values))) return false
  return poissonInputs.every(({ source, delay }, d) => {
    return source === options.poissonInputs[d]?.source && delay === options.poissonInputs[d].delay
  })
}
