import type { Deliver } from '../../src/streams/deliver.js'
import type { Link } from '../../src/streams/link.js'
import { createLink } from '../../src/streams/links/create-link.js'
import type { LinkLimits } from '../../src/streams/links/link-limits.js'
import { createMemoryPorts } from '../../src/streams/links/memory-port.js'
import type { Port } from '../../src/streams/links/port.js'

export interface LinkPairOptions {
  /** Decides when a frame arrives. */
  readonly deliver?: Deliver
  readonly limits?: Partial<LinkLimits>
  /** The cores at the two ends; default 0 and 1. */
  readonly cores?: readonly [low: number, high: number]
  /** What the frames go over; default: the memory of this process. */
  readonly openPorts?: () => Promise<{ readonly left: Port; readonly right: Port }>
}

/** The two ends of a link between cores of this process, over frames; time stands still for it. */
export async function openLinkPair(
  options: LinkPairOptions = {},
): Promise<{ readonly low: Link; readonly high: Link }> {
  const { deliver = queueMicrotask, limits = {}, cores: [own, other] = [0, 1], openPorts } = options
  const { left, right } = openPorts === undefined ? createMemoryPorts(deliver) : await openPorts()
  const clock = { now: () => 0, every: () => () => undefined }
  const identity = { kernel: 'reference', arithmetic: 1, network: null }
  const shared = { identity, token: 'secret', clock, nameOf: () => 'group', limits }
  const low = createLink(left, { ...shared, role: 'accept', index: own, peers: [other] })
  const high = createLink(right, { ...shared, role: 'dial', index: other, peers: [own] })
  await Promise.all([low.opened, high.opened])
  return { low, high }
}
