import type { Kernel } from '../../dynamics/kernel.js'
import { InternalError } from '../../events/errors.js'
import type { ParameterUpdates } from './parameter-updates.js'
import type { SliceState } from './partition.js'
import { sliceParameters } from './slice-parameters.js'

/** A copy of what a slice has learned. */
export function saveSlice(kernel: Kernel, updates: ParameterUpdates): SliceState {
  return { parameters: sliceParameters(kernel, kernel.parameters), memories: updates.memories() }
}

/** Puts a slice back to a state; of shared delays and time constants every slice is given all. */
export function restoreSlice(kernel: Kernel, updates: ParameterUpdates, { parameters, memories }: SliceState): void {
  const { layout, synapses } = kernel
  const put = (values: Float64Array | null, from: number) => {
    if (values !== null) kernel.parameters.set(values, from)
  }
  for (const { key, base, delayBase } of synapses.afferents) {
    const saved = parameters.projections.find((projection) => projection.key === key)
    if (saved === undefined) throw new InternalError(`A saved slice of "${parameters.group}" lacks "${key}".`)
    put(saved.weights, layout.weights + base)
    put(saved.delays, layout.delays + delayBase)
  }
  put(parameters.bias, layout.bias)
  put(parameters.threshold, layout.threshold)
  put(parameters.adaptStep, layout.adaptStep)
  for (const { field, at } of layout.taus) put(parameters.taus?.[field] ?? null, at)
  updates.restore(memories)
  kernel.parametersChanged()
}
