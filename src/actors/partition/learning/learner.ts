import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { KernelGradient } from '../../../dynamics/kernels/kernel-parameters.js'
import { entryOf } from '../../../events/by-name.js'
import { InternalError } from '../../../events/errors.js'
import type { StepOptions } from '../../../learning/session.js'
import type { Sign } from '../../../network/description/sign.js'
import type { Stopwatch } from '../../group/stopwatch.js'
import type { RestoredSlice, SliceParameters, SliceState, UpdateOrder } from '../partition.js'
import { createKeptSteps } from './kept-steps.js'
import { createParameterUpdates, type ParameterUpdates, wakeSilentNeurons } from './parameter-updates.js'
import type { SharedParameters } from './shared-parameters.js'
import { putSliceParameters, sliceParameters } from './slice-parameters.js'

export interface LearnerOptions {
  readonly kernels: readonly Kernel[]
  /** What the slices share with slices elsewhere. */
  readonly shared: readonly SharedParameters[]
  /** Keys of the projections that lie on a cycle. */
  readonly cyclic: ReadonlySet<string>
  readonly signs: ReadonlyMap<string, Sign>
  /** Adds up the time that optimisers take. */
  readonly watch: Stopwatch
}

/** The gradients of a run, as an update needs them. */
export interface RunGradients {
  readonly ofKernels: ReadonlyMap<Kernel, KernelGradient>
  /** By group: spikes of each neuron held, over all trials of the mini-batch. */
  readonly spikes: ReadonlyMap<string, Float64Array>
}

/** Everything that learning changes in the slices of one partition. */
export interface Learner {
  /** One step along the gradient of the last run; the numbers that slices share are yet to be handed on. */
  step(order: UpdateOrder, gradients: RunGradients): void
  /** Hands on, or waits for, the learned numbers that slices share. */
  distribute(step: StepOptions): Promise<void>
  /** The step of a run is about to be taken, and may have to be undone. */
  keep(run: number): void
  /** Goes back to before the first kept step of this run or a later one, if there is one. */
  undo(from: number): void
  parameters(): readonly SliceParameters[]
  save(): readonly SliceState[]
  /** Raises `InternalError` unless there is a state for every slice. */
  restore(slices: readonly RestoredSlice[]): void
}

export function createLearner({ kernels, shared, cyclic, signs, watch }: LearnerOptions): Learner {
  const updates = kernels.map((kernel) => createParameterUpdates(kernel, cyclic, signs))
  const kept = createKeptSteps(updates)

  return {
    step({ step, scale }, { ofKernels, spikes }) {
      watch.measure(() => {
        kernels.forEach((kernel, k) => {
          const gradient = ofKernels.get(kernel)
          if (gradient === undefined) throw new InternalError('An update came without a gradient.')
          updates[k]?.step(gradient, step, scale)
          const wake = entryOf(step.silentWeightStep, kernel.values.name) ?? 0
          const counts = spikes.get(kernel.values.name)
          if (wake !== 0 && counts !== undefined)
            wakeSilentNeurons(kernel, counts, wake, step.bounds, { cyclic, signs })
          kernel.parametersChanged()
        })
      })
    },
    async distribute({ rates }) {
      await Promise.all(shared.filter(({ kind }) => rates[kind] !== undefined).map((part) => part.distribute()))
    },
    keep: (run) => watch.measure(() => kept.keep(run)),
    undo(from) {
      if (!kept.undo(from)) return
      for (const kernel of kernels) kernel.parametersChanged()
    },
    parameters: () => kernels.map((kernel) => sliceParameters(kernel, kernel.parameters)),
    save: () => kernels.map((kernel, k) => saveSlice(kernel, updates[k] as ParameterUpdates)),
    restore(slices) {
      kernels.forEach((kernel, k) => {
        const { name } = kernel.values
        const state = slices.find(({ parameters }) => parameters.group === name)
        if (state === undefined) throw new InternalError(`Nothing was saved of group "${name}".`)
        restoreSlice(kernel, updates[k] as ParameterUpdates, state)
      })
    },
  }
}

/** A copy of what a slice has learned. */
function saveSlice(kernel: Kernel, updates: ParameterUpdates): SliceState {
  return { parameters: sliceParameters(kernel, kernel.parameters), memories: updates.memories() }
}

/**
 * Puts a slice back to a state, or gives it other parameters alone; of shared delays and time constants every slice is given
 * all.
 */
function restoreSlice(kernel: Kernel, updates: ParameterUpdates, { parameters, memories }: RestoredSlice): void {
  putSliceParameters(kernel, parameters)
  if (memories !== null) updates.restore(memories)
  kernel.parametersChanged()
}
