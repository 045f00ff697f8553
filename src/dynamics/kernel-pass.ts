import { InternalError } from '../events/errors.js'
import type { Arrivals } from './arrivals.js'
import type { GroupTraffic } from './group-traffic.js'
import type { Inbox } from './inbox.js'
import type { KernelInput } from './kernel-input.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelRun } from './kernel-run.js'
import type { ParameterLayout } from './parameter-layout.js'
import type { Pulse } from './pulse.js'
import type { Synapses } from './synapses.js'

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
  readonly inbox: Inbox
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
