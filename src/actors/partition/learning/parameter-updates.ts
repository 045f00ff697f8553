import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { KernelGradient } from '../../../dynamics/kernels/kernel-parameters.js'
import { describedTau } from '../../../dynamics/parameters/tau-values.js'
import { InternalError } from '../../../events/errors.js'
import { keepAboveReset, stepSizeOf, wakenedWeight } from '../../../learning/array-bounds.js'
import { ArrayOptimizers, isOf, type KeptStates } from '../../../learning/optimizers/array-optimizers.js'
import { createOptimizer } from '../../../learning/optimizers/create-optimizer.js'
import type { Optimizer, StepSize } from '../../../learning/optimizers/optimizer.js'
import { type Bounds, intersection, type NetworkLimits } from '../../../learning/parameter-kinds.js'
import type { OptimizerMemory, StepOptions } from '../../../learning/session.js'
import type { Sign } from '../../../network/description/sign.js'
import { hasNeurons, isSpiking } from '../../../network/models/models.js'
import { type SliceArray, sliceArrays } from './slice-parameters.js'

/** The arrays that a slice may learn, in the order in which they take their steps. */
export function learnedArrays(kernel: Kernel): readonly SliceArray[] {
  return sliceArrays(kernel).filter(({ from, to, isHeld }) => isHeld && to > from)
}

/** The optimiser's memory of one group; it lives with the parameters. */
export interface ParameterUpdates {
  /** One step along a gradient (a sum over trials); `scale` multiplies it first. The kernel has yet to be updated. */
  step(gradient: KernelGradient, options: StepOptions, scale: number): void
  /** A copy, of the arrays that have been learned. */
  memories(): readonly OptimizerMemory[]
  /** Continues from a copy; arrays that are not in it begin with an empty memory. */
  restore(memories: readonly OptimizerMemory[]): void
  /** All that steps change here, to go back to soon; in the place of something kept earlier, if there is any. */
  keep(earlier?: KeptUpdates): KeptUpdates
  /** Restores what was kept. The kernel has yet to be updated. */
  putBack(kept: KeptUpdates): void
}

/** The parameters of a kernel, and what the optimisers remember that there were. */
export interface KeptUpdates {
  readonly parameters: readonly Float64Array[]
  readonly states: KeptStates<SliceArray>
}

/**
 * @param cyclic keys of the projections that lie on a cycle, whose delays stay at MINIMAL_CYCLE_DELAY or more
 * @param signs of the projections whose weights keep one
 */
export function createParameterUpdates(
  kernel: Kernel,
  cyclic: ReadonlySet<string>,
  signs: ReadonlyMap<string, Sign> = new Map(),
): ParameterUpdates {
  /** Listed when they are first learned: a kernel may do without. */
  let known: readonly SliceArray[] | null = null
  const arrays = () => {
    known ??= learnedArrays(kernel)
    return known
  }
  const optimizers = new ArrayOptimizers<SliceArray>(({ from, to }, kind) => {
    return createOptimizer(kind, to - from, () => kernel.adamLoop(from, to))
  })

  function stepOf(array: SliceArray, optimizer: Optimizer, gradient: KernelGradient, size: StepSize): void {
    const { kind, from, to } = array
    if (optimizer.stepInRows !== undefined) optimizer.stepInRows(size)
    else if (kind === 'weights')
      optimizer.step(kernel.parameters.subarray(from, to), gradient.whole().subarray(from, to), size)
    else optimizer.step(kernel.parametersButWeights.subarray(from, to), gradient.butWeights.subarray(from, to), size)
  }

  /** Thresholds stay above vReset, time constants without bounds near their start and within those of the model. */
  function keepLimits({ kind, from, to, field }: SliceArray, given: StepOptions['bounds'], bounds: Bounds): void {
    if (kind === 'weights') return
    const parameters = kernel.parametersButWeights.subarray(from, to)
    if (kind === 'thresholds' && isSpiking(kernel.values)) keepAboveReset(kernel.values.vReset, parameters)
    if (field !== undefined && given.taus === undefined && hasNeurons(kernel.values))
      keepNearStart(describedTau(kernel.values, field), parameters, bounds)
  }

  return {
    memories: () => optimizers.memories(),
    restore(memories) {
      optimizers.restore(memories, (memory) => {
        const array = arrays().find((candidate) => isOf(candidate, memory))
        if (array === undefined) throw new InternalError(`No ${memory.kind} of "${memory.of}" are learned here.`)
        return array
      })
    },
    keep: (earlier) => ({
      parameters: kernel.keepParameters(earlier?.parameters),
      states: optimizers.keep(earlier?.states),
    }),
    putBack({ parameters, states }) {
      kernel.putBackParameters(parameters)
      optimizers.putBack(states)
    },
    step(gradient, options, scale) {
      for (const array of arrays()) {
        const size = stepSizeOf(array.kind, array.afferent?.key, options, { cyclic, signs }, scale)
        if (size === null) continue
        stepOf(array, optimizers.of(array, options.optimizer), gradient, size)
        keepLimits(array, options.bounds, [size.min, size.max])
      }
    },
  }
}

/** Without bounds of their own, time constants stay between a quarter and this multiple of their start. */
const TAU_RANGE = 4

function keepNearStart(starts: Float64Array, taus: Float64Array, bounds: Bounds): void {
  taus.forEach((tau, n) => {
    const start = starts[n] as number
    const [min, max] = intersection(bounds, [start / TAU_RANGE, TAU_RANGE * start])
    taus[n] = Math.min(max, Math.max(min, tau))
  })
}

/**
 * Wakens the neurons that were silent in all trials of a mini-batch, see `wakenedWeight`. The kernel has yet to be updated.
 *
 * @param spikes of each neuron held
 */
export function wakeSilentNeurons(
  kernel: Kernel,
  spikes: Float64Array,
  step: number,
  bounds: StepOptions['bounds'],
  limits: NetworkLimits,
): void {
  const silent = Uint8Array.from(spikes, (count) => Number(count === 0))
  if (!silent.includes(1)) return
  kernel.synapses.afferents.forEach(({ key }, p) => {
    kernel.changeWeights(p, silent, wakenedWeight(key, step, bounds, limits))
  })
}
