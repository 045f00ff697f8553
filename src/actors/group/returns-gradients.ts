import { isGiven, type SpikeOrigin } from '../../network/description/given-source.js'
import type { Run } from './run.js'

/** What decides in a run whether gradients return. */
export type ReturningRun = Pick<Run, 'inputTimes'>

/**
 * Whether gradients return for the spikes of a group in the backward pass. Neurons always learn what their spikes did;
 * a source only where the spikes were given to it and somebody asks for dL/d(input spike time).
 *
 * Whoever returns gradients, whoever waits for them and whoever checks them asks here.
 */
export function returnsGradients(group: SpikeOrigin, { inputTimes }: ReturningRun): boolean {
  return group.kind !== 'source' || (inputTimes && isGiven(group))
}
