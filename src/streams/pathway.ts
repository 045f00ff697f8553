import type { Observable } from 'rxjs'
import type { GradientBatch } from '../events/gradient-batch.js'
import type { SpikeBatch } from '../events/spike-batch.js'

/**
 * One projection's way from a slice that spikes to a slice that listens.
 *
 * Spike batches run forward and each is answered by one gradient batch, the last batch first. Messages of one direction
 * arrive in the order they were sent; nothing is promised between pathways.
 */
export interface Pathway {
  readonly spikes$: Observable<SpikeBatch>
  readonly gradients$: Observable<GradientBatch>
  sendSpikes(batch: SpikeBatch): void
  sendGradients(batch: GradientBatch): void
  /** Completes both directions. */
  close(): void
}
