import type { Link } from '../../../src/streams/link.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import { COORDINATOR, type LinkOptions } from '../../../src/streams/links/link-options.js'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'

const OPTIONS = {
  identity: { kernel: 'reference', arithmetic: 1, network: null },
  token: 'secret',
  clock: { now: () => 0, every: () => () => undefined },
  nameOf: () => undefined,
} as const satisfies Partial<LinkOptions>

/** The two ends of an open link between the coordinator and a core. */
export async function linkedPair(core = 1): Promise<{ readonly coordinator: Link; readonly partition: Link }> {
  const { left, right } = createMemoryPorts((arrive) => queueMicrotask(arrive))
  const coordinator = createLink(left, { ...OPTIONS, role: 'accept', index: COORDINATOR, peers: [core] })
  const partition = createLink(right, { ...OPTIONS, role: 'dial', index: core, peers: [COORDINATOR] })
  await Promise.all([coordinator.opened, partition.opened])
  return { coordinator, partition }
}
