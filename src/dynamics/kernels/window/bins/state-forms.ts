import type { LifValues } from '../../../../network/instance/instance.js'
import { deriveConstants } from '../../../equations/derive-constants.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { commonTaus } from '../../wasm/tau-fields.js'
import type { StateForm } from '../neurons/neuron-columns.js'
import type { ReducedLevels } from '../neurons/neuron-numbers.js'
import type { PoissonInputRing } from '../poisson/poisson-input-ring.js'
import { Stillness } from './stillness.js'
import { UNSCALED, UnscaledCourses } from './unscaled-courses.js'
import { UnscaledStillness } from './unscaled-stillness.js'

/** State of neurons whose voltage is scaled, see assembly/window/walk.ts. */
const SCALED: StateForm = { names: ['current', 'scaledVoltage'], doubles: 2 }

export function stateForm(isUnscaled: boolean): StateForm {
  return isUnscaled ? UNSCALED : SCALED
}

/** What the kernel knows of the courses of its neurons, null where their state is scaled; and when nothing can happen. */
export interface CoursesOfNeurons {
  readonly courses: UnscaledCourses | null
  readonly stillness: Stillness
}

export interface CoursesOptions {
  readonly values: LifValues
  readonly bin: number
  readonly isUnscaled: boolean
}

export function coursesOf(
  memory: KernelMemory,
  { values, bin, isUnscaled }: CoursesOptions,
  poissonInputs: PoissonInputRing,
  levels: ReducedLevels,
): CoursesOfNeurons {
  if (isUnscaled) {
    const courses = new UnscaledCourses(memory, values, bin)
    return { courses, stillness: new UnscaledStillness(memory, courses, poissonInputs, levels) }
  }
  const { tauMem, tauSyn } = commonTaus(values)
  const { peakKappa } = deriveConstants(tauMem, tauSyn, tauSyn, tauMem)
  return { courses: null, stillness: new Stillness(memory, poissonInputs, levels, peakKappa) }
}
