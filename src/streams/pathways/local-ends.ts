import { NEVER, Subject } from 'rxjs'
import type { GradientBatch } from '../../events/gradient-batch.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Deliver } from '../deliver.js'
import type { Pathway } from '../pathway.js'
import type { VectorStream } from '../vector-stream.js'
import { inOrder } from './in-order.js'
import type { PathwayEnds } from './pathway-ends.js'

/** Both ends of pathways within one process; a stream is created when it is first asked for. */
export function createLocalEnds(deliver: Deliver): PathwayEnds {
  const pathways = new Map<number, Pathway>()
  const vectorStreams = new Map<number, VectorStream>()
  return {
    pathway: (stream) => getOrCreate(pathways, stream, () => createLocalPathway(deliver)),
    vectorStream: (stream) => getOrCreate(vectorStreams, stream, () => createLocalVectorStream(deliver)),
    close() {
      for (const way of [...pathways.values(), ...vectorStreams.values()]) way.close()
    },
  }
}

function getOrCreate<Value>(map: Map<number, Value>, key: number, create: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}

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

/** A vector stream within one process. */
export function createLocalVectorStream(deliver: Deliver): VectorStream {
  const values$ = new Subject<Float64Array>()
  const returned$ = new Subject<Float64Array>()
  return {
    values$: values$.asObservable(),
    returned$: returned$.asObservable(),
    sendValues: inOrder(deliver, (values) => values$.next(values)),
    sendReturned: inOrder(deliver, (values) => returned$.next(values)),
    close() {
      values$.complete()
      returned$.complete()
    },
  }
}
