import { ARITHMETIC_VERSION } from '../../../numerics/arithmetic-version.js'
import { COORDINATOR, type LinkOptions } from '../../../streams/links/link-options.js'
import type { ListenOptions } from '../../../streams/links/websocket-listener.js'
import { systemClock } from '../../../streams/system-clock.js'
import type { ClusterSpec, PartitionSpec } from '../cluster-spec.js'

const LEAST_PENDING = 64

/** What differs between the links of a cluster. */
type LinkPart = Pick<LinkOptions, 'role' | 'index' | 'peers' | 'token' | 'nameOf'> &
  Partial<Pick<LinkOptions, 'refusal' | 'useOf'>>

/** The options of a link between two sides of a cluster, for one of them. */
export function linkOptions(spec: ClusterSpec, part: LinkPart): LinkOptions {
  const { structure, placement, seed, kernel, silence, heartbeat, startLimit, maxFrame } = spec
  return {
    ...part,
    identity: {
      kernel,
      arithmetic: ARITHMETIC_VERSION,
      network: { structureHash: structure, placementHash: placement, seed },
    },
    clock: systemClock(),
    limits: { silence, heartbeat, patience: startLimit, maxFrame },
    // Building large partitions takes long without a word, so silence counts only once all are ready; the start has its own limit.
    silenceFrom: 'watch',
  }
}

/** Of the listener of a side of a cluster: every core may wait there, and some more that do not belong there. */
export function listenOptions({ startLimit }: ClusterSpec, cores: number): ListenOptions {
  return { patience: startLimit, maxPending: Math.max(LEAST_PENDING, 2 * cores) }
}

/** Of the link between a core and the coordinator, over which no spikes go. */
export function controlOptions(spec: ClusterSpec, part: Omit<LinkPart, 'nameOf' | 'useOf'>): LinkOptions {
  return linkOptions(spec, { ...part, nameOf: () => undefined })
}

/** The same at the partition's end. */
export function workerControlOptions(
  { coordinatorSilence: silence, core: index, secret: token, ...spec }: PartitionSpec,
  part: Pick<LinkOptions, 'role' | 'refusal'>,
): LinkOptions {
  return controlOptions(
    { ...spec, coordinatorSilence: silence, silence },
    { ...part, index, peers: [COORDINATOR], token },
  )
}
