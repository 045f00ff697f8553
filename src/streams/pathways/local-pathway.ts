import { NEVER, Subject } from 'rxjs'
import type { GradientBatch } from '../../events/gradient-batch.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Deliver } from '../deliver.js'
import type { Pathway } from '../pathway.js'
import { inOrder } from './in-order.js'

/**
 * A pathway within one process: messages are handed over as they are, never copied, and it is always open.
 *
 * @param deliver decides when a message arrives; each pathway keeps its own order whatever it does
 */
export function createLocalPathway(deliver: Deliver): Pathway {
  const spikes$ = new Subject<SpikeBatch>()
  const gradients$ = new Subject<GradientBatch>()
  return {
    spikes$: spikes$.asObservable(),
    gradients$: gradients$.asObservable(),
    sendSpikes: inOrder(deliver, (batch) => spikes$.next(batch)),
    sendGradients: inOrder(deliver, (batch) => gradients$.next(batch)),
    isOpen: () => true,
    opened$: NEVER,
    close() {
      spikes$.complete()
      gradients$.complete()
    },
  }
}
