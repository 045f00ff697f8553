import type { GroupKernel } from '../dynamics/group-kernel.js'
import { createOptimizer } from '../learning/optimizers/create-optimizer.js'
import type { Optimizer } from '../learning/optimizers/optimizer.js'
import type { OptimizerKind, ParameterKind, StepOptions } from '../learning/session.js'

/** One array of learnable numbers inside a kernel's parameter vector. */
export interface ParameterArray {
  readonly kind: ParameterKind
  readonly from: number
  readonly to: number
}

/** The arrays of a group and the synapses into it, in the order of its parameter vector. */
export function parameterArrays({ layout, synapses, values }: GroupKernel): readonly ParameterArray[] {
  const arrays: ParameterArray[] = []
  for (const { base, count } of synapses.afferents)
    arrays.push({ kind: 'weights', from: layout.weights + base, to: layout.weights + base + count })
  for (const { delayBase, delayCount } of synapses.afferents)
    arrays.push({ kind: 'delays', from: layout.delays + delayBase, to: layout.delays + delayBase + delayCount })
  const perNeuron = (kind: ParameterKind, from: number) => arrays.push({ kind, from, to: from + values.size })
  perNeuron('bias', layout.bias)
  if (values.kind === 'lif') {
    perNeuron('thresholds', layout.threshold)
    perNeuron('adaptation', layout.adaptStep)
  }
  return arrays.filter(({ from, to }) => to > from)
}

/** The optimiser's memory of one group; it lives with the parameters. */
export interface ParameterUpdates {
  /** One step along a gradient (a sum over trials); `scale` multiplies it first. */
  step(gradient: Float64Array, options: StepOptions, scale: number): void
}

export function createParameterUpdates(kernel: GroupKernel, minimalDelay: number): ParameterUpdates {
  const arrays = parameterArrays(kernel)
  const optimizers = new Map<ParameterArray, { kind: OptimizerKind; optimizer: Optimizer }>()

  /** A change of method starts with an empty memory. */
  function optimizerOf(array: ParameterArray, kind: OptimizerKind): Optimizer {
    const known = optimizers.get(array)
    if (known !== undefined && JSON.stringify(known.kind) === JSON.stringify(kind)) return known.optimizer
    const optimizer = createOptimizer(kind, array.to - array.from)
    optimizers.set(array, { kind, optimizer })
    return optimizer
  }

  return {
    step(gradient, { optimizer, rates, bounds }, scale) {
      for (const array of arrays) {
        const rate = rates[array.kind]
        if (rate === undefined) continue
        const [min, max] = bounds[array.kind] ?? [-Infinity, Infinity]
        const parameters = kernel.parameters.subarray(array.from, array.to)
        const size = { rate, scale, min: array.kind === 'delays' ? Math.max(min, minimalDelay) : min, max }
        optimizerOf(array, optimizer).step(parameters, gradient.subarray(array.from, array.to), size)
        if (array.kind === 'thresholds') keepAboveReset(kernel, parameters)
      }
      kernel.parametersChanged()
    },
  }
}

/** A learned threshold stays this far above vReset, whatever the bounds: at vReset a neuron would never stop firing. */
const MINIMAL_EXCURSION = 1e-3

function keepAboveReset({ values }: GroupKernel, thresholds: Float64Array): void {
  if (values.kind !== 'lif') return
  values.vReset.forEach((reset, n) => {
    thresholds[n] = Math.max(thresholds[n] as number, reset + MINIMAL_EXCURSION)
  })
}

/** Adds `step` to every weight into neurons that were silent in all trials of the last run: a heuristic, no gradient. */
export function wakeSilentNeurons(kernel: GroupKernel, trials: number, step: number): void {
  const { synapses, layout, parameters, values } = kernel
  const silent = Array.from({ length: values.size }, (_, n) => {
    for (let trial = 0; trial < trials; trial++) if (!kernel.isSilent(trial, n)) return false
    return true
  })
  // Fan-outs list the synapses that exist; a dense projection may have pairs without one.
  synapses.afferents.forEach((_, p) => {
    for (const s of synapses.fan(p).list) {
      const at = layout.weights + s
      if (silent[synapses.targets[s] as number]) parameters[at] = (parameters[at] as number) + step
    }
  })
}
