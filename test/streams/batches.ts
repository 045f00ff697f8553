import type { GradientBatch } from '../../src/events/gradient-batch.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'

/** A batch of one trial without spikes. */
export function spikeBatch(sequence: number, start: number, end: number, stream = 's'): SpikeBatch {
  return {
    stream,
    sequence,
    window: { start, end },
    offsets: new Uint32Array(2),
    times: new Float64Array(0),
    units: new Uint32Array(0),
  }
}

export function gradientBatch(sequence: number, ...values: number[]): GradientBatch {
  return { stream: 's', sequence, values: Float64Array.from(values) }
}
