/**
 * The gradients returned for exactly one spike batch: the message that runs backward.
 *
 * Gradient events dL/d(time of spike k) of that batch, in 1/ms, over the synapses of one projection into one slice
 * of its target (or the explicit term of a loss): values[node · spikes + k], one sum per whole subtree of the tree over the
 * target's blocks that the slice holds. A slice that is a whole group has a single node, so one value per spike. No
 * times, addresses or watermarks travel.
 */
export interface GradientBatch {
  /** Stream and sequence number of the spike batch. */
  readonly stream: string
  readonly sequence: number
  /** Node after node, one value per spike in the batch's order. */
  readonly values: Float64Array
}
