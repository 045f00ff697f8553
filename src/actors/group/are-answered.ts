import { isGiven, type SpikeOrigin } from '../../network/description/given-source.js'
import type { Run } from './run.js'

/** What decides about answers in a run. */
export type AnsweredRun = Pick<Run, 'inputTimes'>

/**
 * Whether those who listen to a group answer its spikes in the backward pass. Neurons always learn what their spikes did;
 * a source only where the spikes were given to it and somebody asks for dL/d(input spike time).
 *
 * Whoever sends answers, whoever waits for them and whoever judges them asks here.
 */
export function areAnswered(group: SpikeOrigin, { inputTimes }: AnsweredRun): boolean {
  return group.kind !== 'source' || (inputTimes && isGiven(group))
}
