import type { SpikeBatch } from '../../events/spike-batch.js'

/** A spike batch that may have met with noise. */
export interface PerturbedBatch extends SpikeBatch {
  /** On a cycle: how much later than it should each spike arrives, in ms; see `shiftedDelay`. */
  readonly shifts?: Float64Array
  /** Beside shifts: how much later than it was sent each spike is known here, in ms; absent: at once. */
  readonly latencies?: Float64Array
}

/** A batch after the noise, and where its spikes stood before. */
export interface Perturbation {
  readonly batch: PerturbedBatch
  /** Place of each spike in the original batch; -1 where moving the original would not move it. */
  readonly places: Int32Array
}

/**
 * Gradients of a perturbed batch in the order of the original: lost spikes get 0, a late one what its arrival got, for
 * dL/dt = dL/d(t + d + eps).
 *
 * @param values node after node, one per spike of the perturbed batch
 * @param nodes of the returned gradients
 * @param count spikes of the original
 */
export function restoreOriginal(places: Int32Array, values: Float64Array, nodes: number, count: number): Float64Array {
  const kept = places.length
  const restored = new Float64Array(nodes * count)
  for (let node = 0; node < nodes; node++)
    for (let k = 0; k < kept; k++) {
      const place = places[k] as number
      if (place >= 0) restored[node * count + place] = values[node * kept + k] as number
    }
  return restored
}
