import { createRandomStream } from '../../numerics/random-stream.js'
import type { Initializer } from '../description/initializers.js'
import type { Quantity } from '../description/network.js'

/** Where drawn numbers come from: value i of a stream is a pure function of (seed, stream, i). */
export interface Origin {
  readonly seed: number
  readonly stream: string
}

/** Which values of a quantity are wanted: entry k is value `indexOf(k)`. */
export interface Places {
  readonly count: number
  indexOf(k: number): number
}

/** The values from … to - 1. */
export function placesBetween(from: number, to: number): Places {
  return { count: to - from, indexOf: (k) => from + k }
}

/** The listed values. */
export function placesAt(indices: Uint32Array): Places {
  return { count: indices.length, indexOf: (k) => indices[k] as number }
}

/** The wanted numbers of a quantity; no other is drawn. */
export function draw(quantity: Quantity, places: Places, origin: Origin): Float64Array {
  return drawValues(valuesOf(quantity, origin), places)
}

export function drawValues(valueAt: DrawnValues, places: Places): Float64Array {
  const values = new Float64Array(places.count)
  if (typeof valueAt === 'number') return values.fill(valueAt)
  for (let k = 0; k < values.length; k++) values[k] = valueAt(places.indexOf(k))
  return values
}

/** One number for all indices, or the value at each. */
export type DrawnValues = number | ((index: number) => number)

export function valuesOf(quantity: Quantity, origin: Origin): DrawnValues {
  if (typeof quantity === 'number') return quantity
  return 'distribution' in quantity ? drawnBy(quantity, origin) : (i) => quantity[i] as number
}

/** The same, what is drawn rounded to a float32: many synapses then take half the memory. */
export function singleValuesOf(quantity: Quantity, origin: Origin): DrawnValues {
  const values = valuesOf(quantity, origin)
  return typeof values === 'number' ? values : (index) => Math.fround(values(index))
}

function drawnBy(initializer: Initializer, { seed, stream: name }: Origin): DrawnValues {
  switch (initializer.distribution) {
    case 'constant':
      return initializer.value
    case 'normal': {
      const { mean, std } = initializer
      const stream = createRandomStream(seed, name)
      return (i) => mean + std * stream.normal(i)
    }
    case 'uniform': {
      const { low, high } = initializer
      const stream = createRandomStream(seed, name)
      return (i) => low + (high - low) * stream.uniform(i)
    }
  }
}
