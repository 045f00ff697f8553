import type { ActorKernel } from '../../dynamics/kernels/actor/actor-kernel.js'
import type { KernelOptions } from '../../dynamics/kernels/kernel-options.js'
import type { KernelState } from '../../dynamics/kernels/kernel-state.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { ActorCase } from './actor-case.js'
import { type ActorGradient, type SlopeOf, undoActor } from './undo-actor.js'

/** How an actor is run. */
export interface ActorTrajectory {
  /** Ends of the windows in rising order; default: whole trials at once. */
  readonly cuts?: readonly number[]
  /** What is held of the group; default: all. */
  readonly slice?: Slice
  /** Other inputs than those of the case. */
  readonly inputs?: readonly SpikeTrains[]
  /** Inputs talk in another order, and the actor is asked at any time when it would spike. */
  readonly restless?: boolean
  /** State from which the run resumes in place of a start at rest. */
  readonly from?: { readonly time: number; readonly state: KernelState }
  /** One trial in segments. */
  readonly segmented?: boolean
  /** dL/dt of a spike of a unit, the n-th of it in a trial: then all is undone. */
  readonly slopeOf?: SlopeOf
  /** Weights and delays in place of those that are drawn. */
  readonly parameters?: Float64Array
}

/** What came of it. */
export interface ActorOutcome {
  readonly spikes: SpikeTrains
  readonly kernel: ActorKernel
  /** Where `slopeOf` is given. */
  readonly gradient: ActorGradient | null
}

export function runActor(sample: ActorCase, course: ActorTrajectory = {}): ActorOutcome {
  const { until, inputs: given } = sample
  const { cuts, slice, inputs = given, restless = false, from, segmented = false, slopeOf, parameters } = course
  const kernel = sample.kernelOf(slice)
  const drawn = kernel.parameters.slice()
  if (parameters !== undefined) setParameters(kernel, parameters)
  const trials = (inputs[0]?.offsets.length ?? 1) - 1
  const options: KernelOptions = {
    ...{ trials, until, segmented, gradients: slopeOf !== undefined, whole: cuts === undefined },
    ...{ stopAfterFirst: false, trackSilent: false, undefinedSlope: 'refuse', beat: () => undefined },
  }
  if (from === undefined) kernel.begin(options)
  else kernel.resume(options, from.time, from.state)
  let start = from?.time ?? 0
  const emitted: SpikeTrains[] = [noSpikes(trials)]
  const order = restless ? [...kernel.inputs.keys()].reverse() : [...kernel.inputs.keys()]
  for (const [sequence, end] of (cuts ?? [until]).entries()) {
    for (const input of order) {
      if (restless) kernel.nextEvent()
      const window = { start, end }
      const trains = within(inputs[input] ?? noSpikes(trials), window)
      kernel.receive(input, { stream: '', sequence, window, ...trains })
    }
    if (restless) kernel.nextEvent()
    emitted.push(kernel.advance(end))
    start = end
  }
  const { trains: spikes } = joinTrains(emitted)
  const gradient = slopeOf === undefined ? null : undoActor(kernel, emitted.slice(1), slopeOf)
  if (parameters !== undefined) setParameters(kernel, drawn)
  return { spikes, kernel, gradient }
}

function setParameters(kernel: ActorKernel, values: Float64Array): void {
  kernel.parameters.set(values)
  kernel.parametersChanged()
}

/** The spikes of a window. */
export function within(trains: SpikeTrains, { start, end }: Window): SpikeTrains {
  const { times } = trains
  return selectSpikes(trains, (place) => start <= (times[place] as number) && (times[place] as number) < end).trains
}
