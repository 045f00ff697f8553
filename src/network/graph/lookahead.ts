import type { NetworkInstance, ProjectionValues } from '../instance/instance.js'
import type { Component } from './components.js'
import { cyclicKeys } from './cyclic-keys.js'
import { delayOfSynapse } from './delay-of-synapse.js'
import { findCycle } from './find-cycle.js'

/** The smallest delay of a projection's synapses in ms; Infinity if it has none. */
export function smallestDelay({ sources, absent, delayShape, delays }: ProjectionValues): number {
  let smallest = Number.POSITIVE_INFINITY
  for (let synapse = 0; synapse < sources.length; synapse++) {
    if (absent !== null && absent[synapse] === 1) continue
    const delay = delayOfSynapse(delays, delayShape, 0, sources[synapse] as number, synapse)
    if (delay < smallest) smallest = delay
    if (smallest === 0 || delayShape === 'scalar') break
  }
  return smallest
}

/** The same, or a bound from below that is long enough: a rule's synapses are then not listed. */
function quickestDelay(projection: ProjectionValues): number {
  const { draws, delayShape } = projection
  const shared = delayShape === 'scalar' ? (projection.delays[0] as number) : 0
  const least = delayShape === 'perSynapse' ? (draws?.delayRange.least ?? 0) : shared
  return draws !== undefined && least >= MINIMAL_CYCLE_DELAY ? least : smallestDelay(projection)
}

/**
 * The groups along a cycle whose projections can all be crossed in no time, or null if there is none.
 *
 * With one, no window is short enough for the groups to run apart from each other: they run event by event. The last
 * group leads back to the first.
 */
export function zeroDelayCycle(instance: NetworkInstance, component: Component): readonly string[] | null {
  return cycleAlong(instance, component, (delay) => delay === 0)
}

/** The smallest delay in ms that a projection inside a cycle may learn: cycles must keep a lookahead. */
export const MINIMAL_CYCLE_DELAY = 0.1

/**
 * The groups along a cycle whose projections can each be crossed in less than MINIMAL_CYCLE_DELAY, or null.
 *
 * Windows that short would be more work than the events in them: such groups run event by event, too.
 */
export function shortCycle(instance: NetworkInstance, component: Component): readonly string[] | null {
  return cycleAlong(instance, component, (delay) => delay < MINIMAL_CYCLE_DELAY)
}

/** A quotient of differences may step below the smallest delay that is learned. */
const LEAST_CYCLE_DELAY = MINIMAL_CYCLE_DELAY / 2

/**
 * The key of a projection on a cycle that can be crossed in nearly no time with the delays of `now`, though not with those
 * of `before`; null if there is none. Groups that do not run event by event would come no further.
 *
 * @param latencyOf how much later than they were sent spikes of a projection are known at least, ms
 */
export function collapsedProjection(
  before: NetworkInstance,
  now: NetworkInstance,
  latencyOf: (projection: ProjectionValues) => number = () => 0,
): string | null {
  const { groups } = now
  const quick = now.projections.filter((each) => smallestDelay(each) + latencyOf(each) < LEAST_CYCLE_DELAY)
  if (quick.length === 0) return null
  const cyclic = cyclicKeys({ groups, projections: quick })
  const wasSlower = (projection: ProjectionValues) => {
    const delay = smallestDelay(projection)
    return before.projections.some(({ key }, p) => {
      return key === projection.key && delay < smallestDelay(before.projections[p] as ProjectionValues) / 2
    })
  }
  return quick.find((projection) => cyclic.has(projection.key) && wasSlower(projection))?.key ?? null
}

function cycleAlong(
  instance: NetworkInstance,
  component: Component,
  counts: (delay: number) => boolean,
): readonly string[] | null {
  if (!component.cyclic) return null
  const members = new Set(component.groups)
  const inside = instance.projections.filter((projection) => {
    return members.has(projection.source) && members.has(projection.target) && counts(quickestDelay(projection))
  })
  return findCycle(component.groups, inside)
}
