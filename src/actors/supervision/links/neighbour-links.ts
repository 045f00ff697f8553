import { recordOfError } from '../../../events/error-record.js'
import type { Link } from '../../../streams/link.js'
import type { ListenerAddress } from '../cluster-spec.js'
import type { CoreWorkerPulse } from '../core-worker-pulse.js'
import type { StartReport } from '../start-messages.js'
import type { PeerSecret } from './link-secrets.js'

/** The way from one partition to the others. */
export interface Peers {
  /** Where the others find this one; null if they need not look. */
  readonly address: ListenerAddress | null
  /** Resolves once both sides have agreed. */
  linkTo(peer: PeerSecret, address: ListenerAddress | null): Promise<Link>
}

/** The links of a core to the cores that it exchanges messages with. */
export interface NeighbourLinks {
  /** False if a link could not be opened, which the coordinator then knows. */
  open(peers: Peers, secrets: readonly PeerSecret[], addresses: readonly (ListenerAddress | null)[]): Promise<boolean>
  /** By core, in the order of cores, whichever was quicker to agree. */
  inOrder(): ReadonlyMap<number, Link>
  watch(): void
  close(): Promise<void>
}

export function createNeighbourLinks(say: (report: StartReport) => void, pulse: CoreWorkerPulse): NeighbourLinks {
  const links = new Map<number, Link>()

  async function open(peers: Peers, secret: PeerSecret, address: ListenerAddress | null): Promise<boolean> {
    const { peer } = secret
    const tellBroken = (error: unknown) => {
      say({ type: 'linkBroke', peer, error: recordOfError(error) })
      return null
    }
    const link = await peers.linkTo(secret, address).catch(tellBroken)
    link?.messages$.subscribe({ error: tellBroken })
    if (link === null) return false
    links.set(peer, link)
    pulse.include(link)
    return true
  }

  return {
    async open(peers, secrets, addresses) {
      const opened = secrets.map((secret) => open(peers, secret, addresses[secret.peer] ?? null))
      return (await Promise.all(opened)).every((isOpen) => isOpen)
    },
    inOrder: () => new Map([...links].sort(([one], [other]) => one - other)),
    watch() {
      for (const link of links.values()) link.watch()
    },
    async close() {
      await Promise.all([...links.values()].map((link) => link.close()))
    },
  }
}
