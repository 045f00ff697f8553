import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { RestoredSlice, SliceState } from '../partition.js'
import type { ParameterUpdates } from './parameter-updates.js'
import { putSliceParameters, sliceParameters } from './slice-parameters.js'

/** A copy of what a slice has learned. */
export function saveSlice(kernel: Kernel, updates: ParameterUpdates): SliceState {
  return { parameters: sliceParameters(kernel, kernel.parameters), memories: updates.memories() }
}

/**
 * Puts a slice back to a state, or gives it other parameters alone; of shared delays and time constants every slice is given
 * all.
 */
export function restoreSlice(kernel: Kernel, updates: ParameterUpdates, { parameters, memories }: RestoredSlice): void {
  putSliceParameters(kernel, parameters)
  if (memories !== null) updates.restore(memories)
  kernel.parametersChanged()
}
