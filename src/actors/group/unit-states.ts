import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import { InternalError } from '../../events/errors.js'
import type { UnitStates } from './run.js'

/** The state of each slice that a component runs. */
export function statesOfComponent(component: ComponentKernel): readonly UnitStates[] {
  return component.saveState().map((state, k): UnitStates => {
    const { name, start } = (component.kernels[k] as ComponentKernel['kernels'][number]).values
    return { group: name, start, ...state }
  })
}

/** Lets a component go on at `time` from the states of its slices, which are among those given. */
export function resumeComponent(
  component: ComponentKernel,
  options: Parameters<ComponentKernel['begin']>[0],
  time: number,
  states: readonly UnitStates[],
): void {
  const own = component.kernels.map(({ values: { name, start } }) => {
    const state = states.find((candidate) => candidate.group === name && candidate.start === start)
    if (state === undefined) throw new InternalError(`The slice of "${name}" from ${start} has no state to go on from.`)
    return state
  })
  component.resume(options, time, own)
}
