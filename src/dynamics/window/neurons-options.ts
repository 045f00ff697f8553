import type { LifValues } from '../../network/instance/instance.js'
import { sameTaus } from '../wasm/plan.js'
import { commonTaus } from '../wasm/tau-fields.js'
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

/** Whether nothing but numbers per neuron differs, with cells as long, from what memory was laid out for. */
export function isLaidOutAlike(options: WindowNeuronsOptions, values: LifValues, drives: readonly Drive[]): boolean {
  if (drives.length !== options.drives.length) return false
  if (!options.isUnscaled && !sameTaus(commonTaus(values), commonTaus(options.values))) return false
  return drives.every(({ source, delay }, d) => {
    return source === options.drives[d]?.source && delay === options.drives[d].delay
  })
}
