import type { Recording, Trials } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import { isReadout } from '../network/models/models.js'
import { brokenLaw } from './broken-law.js'
import { type DrawOptions, drawnFor, trajectoriesOf, type ValuedTrajectory } from './neuron-events.js'

/**
 * Law: no neuron whose bias stays below its threshold fires before something arrived, and none fires twice within its
 * refractory period.
 *
 *     t_1 > first arrival       t_{k+1} >= t_k + refractory
 *
 * The voltage is continuous, so that the first spike comes strictly later than the first arrival. Raises `RunError`
 * LAW_BROKEN with group, unit and trial; what a recording has to hold, see `neuronEvents`.
 *
 * @example
 * spikesHaveCauses(network, trials, await session.simulate(trials))
 */
export function spikesHaveCauses(
  network: Network,
  trials: Trials,
  recording: Recording,
  options: DrawOptions = {},
): void {
  for (const course of trajectoriesOf(drawnFor(network, trials, recording, options), trials, recording))
    checkNeuron(course)
}

function checkNeuron({ group, unit, trial, events }: ValuedTrajectory): void {
  if (isReadout(group)) return
  const spikes = events.filter(({ kind }) => kind === 'spike').map(({ time }) => time)
  const [first] = spikes
  const place = `${group.name}[${unit}] in trial ${trial}`
  const details = { group: group.name, unit, trial }
  const drivesItself = (group.bias[unit] as number) >= (group.threshold[unit] as number)
  const arrival = events.find(({ kind }) => kind === 'arrival')?.time ?? Number.POSITIVE_INFINITY
  if (first !== undefined && !drivesItself && !(first > arrival))
    throw brokenLaw('spikesHaveCauses', `${place} fires at ${first} ms, before anything arrived`, details)
  const early = spikes.find((time, k) => k > 0 && time < (spikes[k - 1] as number) + (group.refractory[unit] as number))
  if (early !== undefined)
    throw brokenLaw('spikesHaveCauses', `${place} fires at ${early} ms, within its refractory period`, details)
}
