import { Subject } from 'rxjs'
import type { GradientBatch } from '../../events/gradient-batch.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Deliver } from '../deliver.js'
import { createFifo } from '../fifo.js'
import type { Pathway } from '../pathway.js'

/**
 * A link within one process: messages are handed over as they are, never copied.
 *
 * @param deliver decides when a message arrives; each link keeps its own order whatever it does
 */
export function createLocalPathway(deliver: Deliver): Pathway {
  const spikes$ = new Subject<SpikeBatch>()
  const gradients$ = new Subject<GradientBatch>()
  return {
    spikes$: spikes$.asObservable(),
    gradients$: gradients$.asObservable(),
    sendSpikes: inOrder(deliver, (batch) => spikes$.next(batch)),
    sendGradients: inOrder(deliver, (batch) => gradients$.next(batch)),
    close() {
      spikes$.complete()
      gradients$.complete()
    },
  }
}

/** Whichever delivery comes first takes the oldest message. */
function inOrder<Message>(deliver: Deliver, receive: (message: Message) => void): (message: Message) => void {
  const waiting = createFifo<Message>()
  return (message) => {
    waiting.push(message)
    deliver(() => receive(waiting.take()))
  }
}
