import type { Observable } from 'rxjs'
import type { GradientBatch } from '../events/gradient-batch.js'
import type { SpikeBatch } from '../events/spike-batch.js'

/** The end of a pathway at the slice that spikes. */
export interface SpikeOutlet {
  readonly gradients$: Observable<GradientBatch>
  sendSpikes(batch: SpikeBatch): void
  /** Whether a batch sent now would leave at once. */
  isOpen(): boolean
  /** Emits when it opens again. */
  readonly opened$: Observable<void>
}

/** The end of a pathway at the slice that listens. */
export interface SpikeInlet {
  readonly spikes$: Observable<SpikeBatch>
  sendGradients(batch: GradientBatch): void
}

/**
 * One projection's way from a slice that spikes to a slice that listens.
 *
 * Spike batches run forward and each is answered by one gradient batch, the last batch first. Messages of one direction
 * arrive in the order they were sent; nothing is promised between pathways.
 */
export interface Pathway extends SpikeOutlet, SpikeInlet {
  /** Completes both directions. */
  close(): void
}
