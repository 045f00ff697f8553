import { deepFreeze } from './deep-freeze.js'
import type { Network, Projection, Quantity } from './network.js'

/**
 * The same network with the weights of each projection multiplied by a factor above 0: lists number by number, distributions
 * by their parameters, so that it is drawn from any seed as before. A factor of 1 changes no bit.
 */
export function scaleWeights<Names extends string>(
  network: Network<Names>,
  factorOf: (projection: Projection<Names>) => number,
): Network<Names> {
  const projections = network.projections.map((projection) => {
    const factor = factorOf(projection)
    return factor === 1 ? projection : { ...projection, weights: scaled(projection.weights, factor) }
  })
  return deepFreeze({ groups: network.groups, projections })
}

function scaled(quantity: Quantity, factor: number): Quantity {
  if (typeof quantity === 'number') return quantity * factor
  if (!('distribution' in quantity)) return quantity.map((value) => value * factor)
  switch (quantity.distribution) {
    case 'constant':
      return { ...quantity, value: quantity.value * factor }
    case 'normal':
      return { ...quantity, mean: quantity.mean * factor, std: quantity.std * factor }
    case 'uniform':
      return { ...quantity, low: quantity.low * factor, high: quantity.high * factor }
  }
}
