import { createRandomStream } from '../numerics/random-stream.js'
import type { Initializer } from './initializer.js'
import type { Quantity } from './network.js'

/** Where drawn numbers come from: value i of a stream is a pure function of (seed, stream, i). */
export interface Origin {
  readonly seed: number
  readonly stream: string
}

/** The numbers of a quantity, one per neuron or synapse. */
export function draw(quantity: Quantity, count: number, origin: Origin): Float64Array {
  if (typeof quantity === 'number') return new Float64Array(count).fill(quantity)
  return 'distribution' in quantity ? drawFrom(quantity, count, origin) : Float64Array.from(quantity)
}

function drawFrom(initializer: Initializer, count: number, { seed, stream: name }: Origin): Float64Array {
  const values = new Float64Array(count)
  if (initializer.distribution === 'constant') return values.fill(initializer.value)
  const stream = createRandomStream(seed, name)
  if (initializer.distribution === 'normal') {
    const { mean, std } = initializer
    for (let i = 0; i < count; i++) values[i] = mean + std * stream.normal(i)
  } else {
    const { low, high } = initializer
    for (let i = 0; i < count; i++) values[i] = low + (high - low) * stream.uniform(i)
  }
  return values
}
