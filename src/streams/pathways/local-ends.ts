import type { Deliver } from '../deliver.js'
import type { Pathway } from '../pathway.js'
import type { VectorStream } from '../vector-stream.js'
import { createLocalPathway } from './local-pathway.js'
import { createLocalVectorStream } from './local-vector-stream.js'
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
