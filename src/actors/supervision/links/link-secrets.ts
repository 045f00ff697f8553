import { createHmac, randomBytes } from 'node:crypto'
import { COORDINATOR, nameOfLink } from '../../../streams/links/link-options.js'
import type { HeldCore } from '../cluster-spec.js'

/** A core that another is linked to, and what both know of their link. */
export interface PeerSecret {
  readonly peer: number
  readonly secret: string
}

/** The secrets of the links of one cluster; each side receives those of its own links. */
export interface LinkSecrets {
  /** In hexadecimal digits, the same from both ends. */
  of(one: number, other: number): string
  /** What the holders of cores receive before their links to the coordinator are open. */
  held(cores: readonly number[]): readonly HeldCore[]
  /** What a core receives for the links to its neighbours. */
  towards(core: number, neighbours: readonly number[]): readonly PeerSecret[]
}

const ROOT_BYTES = 32

/**
 * Draws the secrets of the links of a cluster: HMAC-SHA-256 of a link's name under a root that stays here. A peer that
 * knows one of them cannot send anything in the name of another link.
 */
export function drawLinkSecrets(): LinkSecrets {
  const root = randomBytes(ROOT_BYTES)
  const of = (one: number, other: number) => createHmac('sha256', root).update(nameOfLink(one, other)).digest('hex')
  return {
    of,
    held: (cores) => cores.map((core) => ({ core, secret: of(core, COORDINATOR) })),
    towards: (core, neighbours) => neighbours.map((peer) => ({ peer, secret: of(core, peer) })),
  }
}
