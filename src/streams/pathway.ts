import type { Observable } from 'rxjs'
import type { GradientBatch } from '../events/gradient-batch.js'
import type { SpikeBatch } from '../events/spike-batch.js'

/** The end of a pathway at the slice that spikes. */
export interface SpikeSender {
  readonly gradients$: Observable<GradientBatch>
  sendSpikes(batch: SpikeBatch): void
  /** Whether a batch sent now would leave at once. */
  isOpen(): boolean
  /** Emits when it opens again. */
  readonly opened$: Observable<void>
}

/** The end of a pathway at the slice that listens. */
export interface SpikeReceiver {
  readonly spikes$: Observable<SpikeBatch>
  sendGradients(batch: GradientBatch): void
}

/**
 * One projection's way from a slice that spikes to a slice that listens.
 *
 * Spike batches run forward, and one gradient batch returns for each, that of the last batch first. Messages of one direction
 * arrive in the order they were sent; nothing is promised between pathways.
 */
export interface Pathway extends SpikeSender, SpikeReceiver {
  /** Completes both directions. */
  close(): void
}
