/**
 * The answer to exactly one spike batch: the message that runs backward.
 *
 * `values[k]` is the gradient event dL/d(time of spike k) of the answered batch, in 1/ms, over all synapses of one
 * projection (or the explicit term of a loss). No times, addresses or watermarks travel.
 */
export interface GradientBatch {
  /** Stream and sequence number of the answered spike batch. */
  readonly stream: string
  readonly sequence: number
  /** One value per spike, in the batch's order. */
  readonly values: Float64Array
}
