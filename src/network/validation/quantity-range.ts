import type { Quantity } from '../description/quantity.js'

/** More standard deviations than a normal variate of 53 random bits can be away from its mean. */
const FARTHEST = 8.3

export interface ValueRange {
  readonly least: number
  readonly most: number
}

/** Bounds of all values that a quantity can have. */
export function quantityRange(quantity: Quantity): ValueRange {
  if (typeof quantity === 'number') return { least: quantity, most: quantity }
  if (!('distribution' in quantity))
    return {
      least: quantity.reduce((least, value) => Math.min(least, value), Infinity),
      most: quantity.reduce((most, value) => Math.max(most, value), -Infinity),
    }
  switch (quantity.distribution) {
    case 'constant':
      return { least: quantity.value, most: quantity.value }
    case 'uniform':
      return { least: quantity.low, most: quantity.high }
    case 'normal': {
      const { mean, std } = quantity
      return { least: mean - FARTHEST * std, most: mean + FARTHEST * std }
    }
  }
}

/** The same, where a normal distribution counts by its mean: what it draws is not known yet. */
export function rangeByMean(quantity: Quantity): ValueRange {
  const isNormal = typeof quantity === 'object' && 'distribution' in quantity && quantity.distribution === 'normal'
  return quantityRange(isNormal ? quantity.mean : quantity)
}
