import type { Quantity } from './network.js'

/** The mean of the numbers of a quantity: of a list, or of what will be drawn. */
export function meanOf(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity
  if (!('distribution' in quantity)) return quantity.reduce((sum, value) => sum + value, 0) / quantity.length
  switch (quantity.distribution) {
    case 'constant':
      return quantity.value
    case 'normal':
      return quantity.mean
    case 'uniform':
      return (quantity.low + quantity.high) / 2
  }
}
