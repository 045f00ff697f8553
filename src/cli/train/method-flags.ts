import type { Command } from 'commander'
import type { ClusterSession } from '../../actors/cluster-session.js'
import type { Session } from '../../learning/session.js'
import { openSurrogate } from '../../learning/surrogate/open-surrogate.js'
import { SURROGATE_DEFAULTS } from '../../learning/surrogate/surrogate-options.js'
import type { Network } from '../../network/description/network.js'
import { milliseconds, oneOf, positiveNumber } from '../../network/reading/flag-values.js'
import { askedOf } from '../flag-record.js'
import { refuseFlags } from '../refuse-flags.js'
import { CORE_FLAGS, METRICS_FLAGS, type MetricsFlags, type PlaceFlags } from '../run-flags.js'
import { TRACE_FLAG, type TraceFlags } from '../trace/trace-flag.js'

/** How gradients come about: event by event, or on a grid of time with surrogate derivatives. */
const METHODS = ['exact', 'surrogate'] as const

export interface MethodFlags {
  readonly method: (typeof METHODS)[number]
  /** In ms. */
  readonly dt?: number
  readonly slope?: number
}

/** Adds the flags that say by which method is trained. */
export function addMethodFlags(command: Command): Command {
  const { slope } = SURROGATE_DEFAULTS
  return addGridFlags(
    command,
    'exact (event by event), or surrogate (the baseline: time steps and a surrogate derivative, in one thread)',
  ).option(
    '--slope <n>',
    `steepness of the surrogate derivative 1 / (1 + slope |V - theta|)^2 (default: ${slope})`,
    positiveNumber('--slope'),
  )
}

/** Adds the flags that say how a network is run, event by event or on a grid of time. */
export function addGridFlags(command: Command, methods: string): Command {
  const { dt } = SURROGATE_DEFAULTS
  return command
    .option('--method <name>', methods, oneOf('--method', METHODS), 'exact')
    .option(
      '--dt <ms>',
      `time step of the surrogate method (default: ${dt})`,
      milliseconds('--dt', `Leave it out for ${dt} ms.`),
    )
}

type Flags = MethodFlags & PlaceFlags & Partial<MetricsFlags & TraceFlags>

/** Raises `InputError` FLAG_CONFLICT for flags that mean nothing with the method. */
export function requireMethodFlags(flags: Flags): void {
  if (flags.method === 'exact') {
    refuseFlags(flags, ['dt', 'slope'], 'the exact method has no time step; --method surrogate has')
    return
  }
  refuseFlags(
    flags,
    askedOf({ ...CORE_FLAGS, ...METRICS_FLAGS, ...TRACE_FLAG }, flags),
    'the surrogate method runs in one thread, without cores, links and kernels',
  )
}

/** What of the method decides bits, for checkpoints: nothing, where it is the exact one. */
export function methodIdentity(flags: MethodFlags): Readonly<Record<string, string>> {
  if (flags.method === 'exact') return {}
  const { dt = SURROGATE_DEFAULTS.dt, slope = SURROGATE_DEFAULTS.slope } = flags
  return { method: `surrogate, dt ${dt}, slope ${slope}` }
}

/** What a training needs to know of a session beside what every session has; on a grid of time it shows no voltages. */
export type TrainedSession = Session &
  Pick<ClusterSession, 'workers' | 'traffic'> &
  Partial<Pick<ClusterSession, 'voltages'>>

/** Opens a network for the surrogate method. */
export function openForSurrogate(
  network: Network,
  { seed, dt, slope }: MethodFlags & { readonly seed: number },
): TrainedSession {
  const chosen = { seed, ...(dt === undefined ? {} : { dt }), ...(slope === undefined ? {} : { slope }) }
  return { ...openSurrogate(network, chosen), workers: [], traffic: async () => [] }
}
