import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import { launchThread } from './launch-thread.js'
import { controlOptions } from './link-plan.js'
import type { Site } from './site.js'
import type { ClusterSpec } from './worker-spec.js'

export interface ThreadSiteOptions {
  /** Per core: those it is linked to. */
  readonly neighbours: readonly (readonly number[])[]
  readonly spec: ClusterSpec
}

/** One thread per core, with a channel to the coordinator and one to each neighbour. */
export function openThreadSite({ neighbours, spec }: ThreadSiteOptions): Site {
  const peers = neighbours.map((): { readonly core: number; readonly port: MessagePort }[] => [])
  neighbours.forEach((others, core) => {
    for (const other of others.filter((peer) => peer > core)) {
      const { port1, port2 } = new MessageChannel()
      peers[core]?.push({ core: other, port: port1 })
      peers[other]?.push({ core, port: port2 })
    }
  })
  const channels = neighbours.map(() => new MessageChannel())
  return {
    hosts: channels.map(({ port2 }, core) =>
      launchThread({ spec: { ...spec, core }, control: port2, peers: peers[core] ?? [] }),
    ),
    controls: channels.map(({ port1 }, core) => openControl(port1, core)),
    close: async () => undefined,
  }

  async function openControl(port: MessagePort, core: number): Promise<Link> {
    const options = controlOptions(spec, { role: 'accept', index: COORDINATOR, peers: [core] })
    const link = createLink(createThreadPort(port), options)
    await link.opened
    return link
  }
}
