import { InternalError } from '../../../events/errors.js'
import type { Arrivals } from '../../inputs/arrivals.js'
import type { KernelInput } from '../../inputs/kernel-input.js'
import type { SpikeBuffer } from '../../inputs/spike-buffer.js'
import type { ParameterLayout } from '../../parameters/parameter-layout.js'
import type { Synapses } from '../../parameters/synapses.js'
import type { Pulse } from '../../pulse.js'
import type { KernelOptions } from '../kernel-options.js'
import type { GroupTraffic } from './group-traffic.js'
import type { KernelRun } from './kernel-run.js'

/** One `advance`: the instant it started from and the first tape record it wrote. */
export interface Step {
  readonly start: number
  readonly firstRecord: number
}

/** What the forward and the backward pass of one run work on. */
export interface KernelPass {
  readonly run: KernelRun
  readonly options: KernelOptions
  readonly pulse: Pulse
  readonly inputs: readonly KernelInput[]
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly delays: Float64Array
  readonly spikeBuffer: SpikeBuffer
  /** One per slot. */
  readonly queues: readonly Arrivals[]
  /** The steps taken forward and not yet undone. */
  readonly steps: Step[]
  readonly traffic: GroupTraffic
}

/** The arrivals queued for the trial in a slot. */
export function queueOf({ queues }: KernelPass, slot: number): Arrivals {
  const queue = queues[slot]
  if (queue === undefined) throw new InternalError(`There is no slot ${slot}.`, { slot })
  return queue
}
