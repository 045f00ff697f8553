import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { COORDINATOR, type LinkOptions } from '../../streams/links/link-options.js'
import type { ListenOptions } from '../../streams/links/websocket-listener.js'
import { systemClock } from './system-clock.js'
import type { ClusterSpec, WorkerSpec } from './worker-spec.js'

/** In ms: twelve days. */
const MOST_SILENCE = 1e9

const LEAST_PENDING = 64

/** What differs between the links of a cluster. */
type LinkPart = Pick<LinkOptions, 'role' | 'index' | 'peers' | 'nameOf'> &
  Partial<Pick<LinkOptions, 'refusal' | 'useOf'>>

/** The options of a link between two sides of a cluster, for one of them. */
export function linkOptions(spec: ClusterSpec, part: LinkPart): LinkOptions {
  const { structure, placement, seed, kernel, token, silence, heartbeat, startLimit } = spec
  return {
    ...part,
    identity: {
      kernel,
      arithmetic: ARITHMETIC_VERSION,
      network: { structureHash: structure, placementHash: placement, seed },
    },
    token,
    clock: systemClock(),
    limits: { silence, heartbeat, patience: startLimit },
    // Until everybody is ready, large partitions are built, and the start has a limit of its own.
    silenceFrom: 'watch',
  }
}

/** Of the listener of a side of a cluster: every core may wait there, and some more that do not belong there. */
export function listenOptions({ startLimit }: ClusterSpec, cores: number): ListenOptions {
  return { patience: startLimit, maxPending: Math.max(LEAST_PENDING, 2 * cores) }
}

/** Of the link between a core and the coordinator, over which no spikes go. */
export function controlOptions(spec: ClusterSpec, part: Omit<LinkPart, 'nameOf'>): LinkOptions {
  return linkOptions(spec, { ...part, nameOf: () => undefined })
}

/**
 * The same at the partition's end. A coordinator that is busy with other things says nothing, and that is no reason to
 * give it up: when it is gone, its connections break and its threads end.
 */
export function workerControlOptions(spec: WorkerSpec): LinkOptions {
  const part = { role: 'dial', index: spec.core, peers: [COORDINATOR] } as const
  return controlOptions({ ...spec, silence: MOST_SILENCE }, part)
}
