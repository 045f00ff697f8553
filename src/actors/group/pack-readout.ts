import type { Kernel } from '../../dynamics/kernel.js'
import type { Maxima } from '../../learning/session.js'
import type { Run } from './run.js'

/** What a loss looks at in a readout, as one vector: integrals, or maxima and then their times. */
export function packReadout(kernel: Kernel, { loss }: Run): Float64Array {
  if (loss?.loss.kind === 'liIntegral') return kernel.integrals()
  const { values, times } = kernel.maxima()
  const packed = new Float64Array(2 * values.length)
  packed.set(values)
  packed.set(times, values.length)
  return packed
}

export function unpackMaxima(packed: Float64Array): Maxima {
  const count = packed.length / 2
  return { values: packed.subarray(0, count), times: packed.subarray(count) }
}
