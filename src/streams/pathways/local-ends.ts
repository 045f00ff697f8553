import type { Deliver } from '../deliver.js'
import type { Exchange } from '../exchange.js'
import type { Pathway } from '../pathway.js'
import { createLocalExchange } from './local-exchange.js'
import { createLocalPathway } from './local-pathway.js'
import type { PathwayEnds } from './pathway-ends.js'

/** Both ends of pathways within one process: whoever asks for a stream first creates it. */
export function createLocalEnds(deliver: Deliver): PathwayEnds {
  const pathways = new Map<number, Pathway>()
  const exchanges = new Map<number, Exchange>()
  return {
    pathway: (stream) => getOrCreate(pathways, stream, () => createLocalPathway(deliver)),
    exchange: (stream) => getOrCreate(exchanges, stream, () => createLocalExchange(deliver)),
    close() {
      for (const way of [...pathways.values(), ...exchanges.values()]) way.close()
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
