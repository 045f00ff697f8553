import { entryOf } from '../events/by-name.js'
import type { Recording, Trials } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import type { NetworkInstance } from '../network/instance/instance.js'
import { type DrawOptions, drawnFor, trajectoriesOf, type ValuedTrajectory } from './neuron-events.js'

/**
 * A text that is equal for two runs exactly if the same events happened in the same order: at every neuron its spikes,
 * arrivals and ends of refractory periods, and where among them the voltage of a readout was largest; and the order of
 * the spikes inside every group, which a loss may look at.
 *
 * Between two runs whose sequences differ, a loss may jump or have a kink. What a recording has to hold, see
 * `neuronEvents`.
 *
 * @example
 * const before = eventSequence(network, trials, await session.simulate(trials))
 */
export function eventSequence(
  network: Network,
  trials: Trials,
  recording: Recording,
  options: DrawOptions = {},
): string {
  return sequenceOf(drawnFor(network, trials, recording, options), trials, recording)
}

/** The same of a network whose numbers are drawn. */
export function sequenceOf(instance: NetworkInstance, trials: Trials, recording: Recording): string {
  const neurons = trajectoriesOf(instance, trials, recording).map((course) => {
    const events = course.events.map(({ kind, cause }) => `${kind} ${cause}`)
    return [`${course.group.name}[${course.unit}]`, ...events, placeOfPeak(course, trials, recording)].join('; ')
  })
  const orders = Object.entries(recording.spikes).map(([name, { units }]) => `${name}: ${units.join(' ')}`)
  return [...neurons, ...orders].join('\n')
}

function placeOfPeak(
  { group, unit, trial, events }: ValuedTrajectory,
  { until }: Trials,
  { maxima }: Recording,
): string {
  const time = entryOf(maxima, group.name)?.times[trial * group.size + unit]
  if (time === undefined) return ''
  if (time === 0) return 'largest at the start'
  if (time === until) return 'largest at the end'
  const before = events.filter((event) => event.time < time).length
  return events.some((event) => event.time === time) ? `largest on ${before}` : `largest after ${before}`
}
