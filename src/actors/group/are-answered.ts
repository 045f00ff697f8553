import type { Group } from '../../network/network.js'
import type { Run } from './run.js'

/**
 * Whether those who listen to a group answer its spikes in the backward pass. Neurons always learn what their spikes did;
 * a source only where the spikes were given to it and somebody asks for dL/d(input spike time).
 *
 * Whoever sends answers, whoever waits for them and whoever judges them asks here.
 */
export function areAnswered(
  group: Pick<Group, 'kind'> & { readonly emission?: unknown },
  { inputTimes }: AnsweredRun,
): boolean {
  return group.kind !== 'source' || (inputTimes && group.emission === undefined)
}

export type AnsweredRun = Pick<Run, 'inputTimes'>
