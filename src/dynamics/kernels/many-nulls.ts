import type { Projection } from '../../network/description/network.js'

/**
 * Of the weights of a dense projection. With more nulls it is quicker to have each neuron meet what arrives at itself alone,
 * else to have all meet everything, weights of 0 included: 300 units to 300 neurons with delays that neurons share, forward
 * and back, take 5.1 and 6.9 ms where 3 % of the pairs have a synapse, and 2.9 and 3.1 where 1 % have; 1000 to 1000 at 1 %
 * take 12.8 and 6.8.
 */
const MOST_NULLS = 63 / 64

/** Whether nearly all pairs of a dense projection are without a synapse. */
export function hasManyNulls(
  { connectivity }: Pick<Projection, 'connectivity'>,
  { sources, targets }: { readonly sources: number; readonly targets: number },
): boolean {
  return connectivity.kind === 'dense' && connectivity.absent.length > MOST_NULLS * sources * targets
}
