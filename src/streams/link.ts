import type { Observable } from 'rxjs'
import type { GradientBatch } from '../events/gradient-batch.js'
import type { SpikeBatch } from '../events/spike-batch.js'

/**
 * One projection's connection from the group that spikes to the group that listens.
 *
 * Spike batches run forward and each is answered by one gradient batch, the last batch first. Messages of one direction
 * arrive in the order they were sent; nothing is promised between links.
 */
export interface Link {
  readonly spikes$: Observable<SpikeBatch>
  readonly gradients$: Observable<GradientBatch>
  sendSpikes(batch: SpikeBatch): void
  sendGradients(batch: GradientBatch): void
  /** Completes both directions. */
  close(): void
}

/** Runs a message's delivery, later, in the order handed over per link. */
export type Deliver = (message: () => void) => void
