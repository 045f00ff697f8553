import type { WorkerOffer } from '../../../actors/fleet/fleet-messages.js'
import { RENDEZVOUS_NUMBERS, type RendezvousNumbers } from '../../../rendezvous/rendezvous-numbers.js'

/** How long the checks of a server wait; times in ms. */
export interface JoinLimits {
  /** For each line that a server sends of its own accord, before it is sent anything. */
  readonly greeting: number
  /** For workers that say who they are, unless there are enough of them. */
  readonly roll: number
  readonly enough: (offers: readonly WorkerOffer[]) => boolean
  /** For one reply. */
  readonly trip: number
  /** Until a link to a worker stands. */
  readonly dial: number
  readonly numbers: RendezvousNumbers
  /** The clock of this machine, in ms since 1970. */
  readonly now: () => number
}

export const JOIN_LIMITS: JoinLimits = Object.freeze({
  greeting: 5000,
  roll: 1000,
  enough: () => false,
  trip: 2000,
  dial: 5000,
  numbers: RENDEZVOUS_NUMBERS,
  now: Date.now,
})
