import { KERNEL_NAME } from '../../dynamics/kernel-name.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import type { LinkOptions } from '../../streams/links/link-options.js'
import { systemClock } from './system-clock.js'
import type { ClusterSpec } from './worker-spec.js'

/** What differs between the links of a cluster. */
type LinkPart = Pick<LinkOptions, 'role' | 'index' | 'peers' | 'nameOf'> & Partial<Pick<LinkOptions, 'refusal'>>

/** The options of a link between two sides of a cluster, for one of them. */
export function linkOptions(spec: ClusterSpec, part: LinkPart): LinkOptions {
  const { structure, placement, seed, token, silence, heartbeat } = spec
  return {
    ...part,
    identity: {
      kernel: KERNEL_NAME,
      arithmetic: ARITHMETIC_VERSION,
      network: { structureHash: structure, placementHash: placement, seed },
    },
    token,
    clock: systemClock(),
    limits: { silence, heartbeat },
  }
}

/** Of the link between a core and the coordinator, over which no spikes go. */
export function controlOptions(spec: ClusterSpec, part: Omit<LinkPart, 'nameOf'>): LinkOptions {
  return linkOptions(spec, { ...part, nameOf: () => undefined })
}
