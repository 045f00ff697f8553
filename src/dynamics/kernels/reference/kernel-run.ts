import type { NeuronValues } from '../../../network/models/models.js'
import type { GradientOffsets } from '../../models/adjoint.js'
import { Memory } from '../../models/memory.js'
import { layOutNeurons } from '../../models/models.js'
import type { NeuronRun, RunShape } from '../../models/neuron-run.js'
import { constantsOf } from '../../models/neurons.js'
import { type ParameterLayout, tauOffsets } from '../../parameters/parameter-layout.js'
import type { TauValues } from '../../parameters/tau-values.js'

/** The memory of one group laid out for runs of one shape, and the neurons and adjoint that live in it. */
export interface KernelRun extends NeuronRun {
  readonly shape: RunShape
  readonly memory: Memory
  /** Offset of the learnable parameters. */
  readonly parameters: number
  /** Offset of the gradient vectors, one per slot. */
  readonly gradients: number
  /** Where a slot sums the gradients of its trial. */
  gradientOffsets(slot: number): GradientOffsets
}

/** @param taus the time constants that the neurons have now */
export function layOutRun(values: NeuronValues, layout: ParameterLayout, shape: RunShape, taus: TauValues): KernelRun {
  const memory = new Memory()
  const parameters = memory.reals(layout.length)
  const gradients = memory.reals(shape.gradients ? shape.slots * layout.gradientLength : 0)
  const run = layOutNeurons(values, { memory, constants: constantsOf(taus), shape, layout, parameters })
  const end = memory.allocate()
  run.begin?.(end)
  const offsets = Array.from({ length: shape.slots }, (_, slot): GradientOffsets => {
    const base = gradients + slot * layout.gradientLength
    return {
      weights: base + layout.weights,
      delays: base + layout.delays,
      bias: base + layout.bias,
      threshold: base + layout.threshold,
      adaptStep: base + layout.adaptStep,
      shared: base + layout.shared,
      ...tauOffsets(layout, base),
    }
  })
  return { ...run, shape, memory, parameters, gradients, gradientOffsets: (slot) => offsets[slot] as GradientOffsets }
}
