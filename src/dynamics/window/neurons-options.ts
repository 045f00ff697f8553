import type { LifValues } from '../../network/instance.js'
import type { Drive } from './drive-places.js'

export interface WindowNeuronsOptions extends DrivenNeurons {
  readonly values: LifValues
  /** Length of a cell in ms, see `cellLength`. */
  readonly cell: number
  readonly seed: number
  /** Neurons have two synaptic time constants, or time constants of their own. */
  readonly isUnscaled: boolean
}

/** The drives that are drawn into the sums of cells, with a weight per neuron held. */
export interface DrivenNeurons {
  readonly drives: readonly Drive[]
  readonly weights: readonly Float64Array[]
}
