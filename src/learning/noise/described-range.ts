import type { Quantity } from '../../network/description/network.js'

/** So far from their mean, in standard deviations, numbers that are drawn normally still fit into the range of a device. */
const NORMAL_REACH = 4

/** The largest magnitude of numbers, from their description alone: the same for every slice, whatever has been learned since. */
export function describedRange(quantity: Quantity): number {
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
