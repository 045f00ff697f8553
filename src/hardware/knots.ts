import { components } from '../network/components.js'
import { delayBounds } from '../network/delay-bound.js'
import { findCycle } from '../network/find-cycle.js'
import { MINIMAL_CYCLE_DELAY } from '../network/lookahead.js'
import type { Network } from '../network/network.js'

/** Groups on common cycles that are crossed in next to no time; a spike may come back before a window could end. */
export interface Knot {
  readonly groups: readonly string[]
  /** One of its cycles; the last group leads back to the first. */
  readonly cycle: readonly string[]
}

/** Gives the knot that a group belongs to, if it does. */
export type KnotOf = (group: string) => Knot | undefined

/** The knots of a network, from what its description says of the delays. */
export interface Knots {
  /** Along cycles without any delay: no partitions could ever advance, so these are never cut. */
  readonly tight: KnotOf
  /** Along cycles whose projections can each be crossed in less than MINIMAL_CYCLE_DELAY: better not cut. */
  readonly short: KnotOf
}

export function findKnots(network: Network): Knots {
  const bounds = delayBounds(network)
  const along = (counts: (bound: number) => boolean): KnotOf => {
    const projections = network.projections.filter((_, order) => counts(bounds[order] as number))
    const knots = new Map<string, Knot>()
    for (const { groups, cyclic } of components({ groups: network.groups, projections })) {
      const cycle = cyclic ? findCycle(groups, projections) : null
      if (cycle !== null) for (const group of groups) knots.set(group, { groups, cycle })
    }
    return (group) => knots.get(group)
  }
  return { tight: along((bound) => bound === 0), short: along((bound) => bound < MINIMAL_CYCLE_DELAY) }
}

/** `a -> b -> a` */
export function describeCycle(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(' -> ')
}
