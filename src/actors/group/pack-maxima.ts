import type { Maxima } from '../../learning/session.js'

/** Maxima as one vector: values, then times. */
export function packMaxima({ values, times }: Maxima): Float64Array {
  const packed = new Float64Array(2 * values.length)
  packed.set(values)
  packed.set(times, values.length)
  return packed
}

export function unpackMaxima(packed: Float64Array): Maxima {
  const count = packed.length / 2
  return { values: packed.subarray(0, count), times: packed.subarray(count) }
}
