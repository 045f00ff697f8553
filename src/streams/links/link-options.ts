import type { Clock } from '../clock.js'
import type { StreamUse } from '../link.js'
import type { LinkIdentity } from '../wire/hello-payload.js'
import type { NameOf } from '../wire/stream-name.js'
import type { LinkLimits } from './link-limits.js'

/** Number of the coordinator, which is no core. */
export const COORDINATOR = -1

export interface LinkOptions {
  /** Who dialled speaks first; the other says nothing before it knows the token. */
  readonly role: 'dial' | 'accept'
  /** Own number: of a core, or `COORDINATOR`. */
  readonly index: number
  /** Numbers that the peer may have. */
  readonly peers: readonly number[] | 'any'
  /** Asked for a peer that is right in everything else: the reason to refuse it, or null. */
  readonly refusal?: (peer: number) => string | null
  readonly identity: LinkIdentity
  /** The secret of everybody who takes part. */
  readonly token: string
  readonly clock: Clock
  /** The emitting group of every stream that may come; undefined for all other numbers. */
  readonly nameOf: NameOf
  /** What each of them is for, which its counters tell apart; default: all join neurons. */
  readonly useOf?: (stream: number) => StreamUse
  readonly limits?: Partial<LinkLimits>
  /**
   * When the silence of the peer begins to count (default: with the agreement). A peer that builds a large partition
   * cannot send anything meanwhile.
   */
  readonly silenceFrom?: 'agreement' | 'watch'
}

/** What people call a side. */
export function nameOfSide(index: number | null): string {
  if (index === null) return 'an unknown peer'
  return index === COORDINATOR ? 'coordinator' : `core ${index}`
}

/** What people call a link, the same on both sides. */
export function nameOfLink(own: number, peer: number | null): string {
  if (peer === null) return `${nameOfSide(own)} - ${nameOfSide(peer)}`
  return `${nameOfSide(Math.min(own, peer))} - ${nameOfSide(Math.max(own, peer))}`
}
