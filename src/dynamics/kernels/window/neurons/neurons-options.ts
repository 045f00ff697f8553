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

/** A spike on its way to the synapses of a unit. */
export interface SpikeArrival {
  readonly projection: number
  readonly unit: number
  /** When it came, in ms, and when it arrives; the same where synapses have their own delays. */
  readonly sent: number
  readonly time: number
  /** Its number among the spikes received. Default 0. */
  readonly slot?: number
}

export interface WindowRun {
  readonly trials: number
  /** See `KernelOptions`. */
  readonly firstTrial?: number | undefined
  readonly until: number
  readonly stopAfterFirst: boolean
  /** See `KernelOptions`. */
  readonly segmented?: boolean
  /** See `KernelOptions`. */
  readonly spikeLimit?: number | undefined
  /** A backward pass will follow. Default false. */
  readonly gradients?: boolean
  /** The maxima of silent neurons' voltages are wanted. Default false. */
  readonly trackSilent?: boolean
  readonly beat: () => void
}
