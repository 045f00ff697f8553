import type { Projection, Quantity } from '../../network/network.js'

/** So far from their mean, in standard deviations, weights that are drawn normally still fit into the range of a device. */
const NORMAL_REACH = 4

/**
 * The largest magnitude of a projection's weights, from its description alone: the same for every slice, whatever has been
 * learned since.
 */
export function describedWeightRange({ weights }: Pick<Projection, 'weights'>): number {
  return largestOf(weights)
}

function largestOf(quantity: Quantity): number {
  if (typeof quantity === 'number') return Math.abs(quantity)
  if (!('distribution' in quantity)) return quantity.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  switch (quantity.distribution) {
    case 'constant':
      return Math.abs(quantity.value)
    case 'uniform':
      return Math.max(Math.abs(quantity.low), Math.abs(quantity.high))
    case 'normal':
      return Math.abs(quantity.mean) + NORMAL_REACH * quantity.std
  }
}
