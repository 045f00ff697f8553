import { normal, uniform } from '../../../src/network/description/initializers.js'
import {
  type Connection,
  connect,
  dense,
  fixedInDegree,
  fixedProbability,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'

/** How the spikes of one group come to another. */
export const ARRIVALS = ['alike', 'delays per synapse', 'large rule', 'null weights', 'lists', 'small rule'] as const
export type Arrivals = (typeof ARRIVALS)[number]

/** So many synapses into each neuron that those of `LARGE` are enough for the window kernel. */
const IN_DEGREE = 150
export const LARGE = 70
/** Of those beside. */
export const FEW = 20

export interface End {
  readonly name: string
  readonly size: number
}

/** Spikes of a group that are to lift another one so far, each for itself, in thresholds or so. */
export interface Way {
  readonly from: End
  readonly to: End
  readonly arrivals: Arrivals
  readonly weight: number
  readonly options: Connection['options']
  readonly seed: number
  /** Of a large rule; default: enough for the window kernel. */
  readonly inDegree?: number
}

/** The synapses of a way. */
export function join({ from, to, arrivals: kind, weight, options, seed, inDegree = IN_DEGREE }: Way): Connection {
  const many = normal(weight, Math.abs(weight))
  const random = createRandomStream(seed, 'synapses')
  switch (kind) {
    case 'alike':
      return connect(from.name, to.name, dense(many), options)
    case 'delays per synapse':
      return connect(from.name, to.name, dense(many), {
        delay: perSynapse(uniform(options.delay === undefined ? 0 : 1, 3)),
      })
    case 'null weights': {
      const rows = Array.from({ length: to.size }, (_, t) =>
        Array.from({ length: from.size }, (__, s) => {
          // A whole unit in one block alone, and a few anywhere.
          const at = t * from.size + s
          if ((s === 1 && t < 32) || random.uniform(2 * at) < 0.1) return null
          return weight * 2 * random.uniform(2 * at + 1)
        }),
      )
      return connect(from.name, to.name, dense(rows), options)
    }
    case 'lists': {
      const entries = Array.from({ length: 2 * to.size }, (_, k) => {
        const [unit, delay] = [Math.floor(random.uniform(2 * k) * from.size), 1 + 2 * random.uniform(2 * k + 1)]
        return [unit, k % to.size, (weight * from.size) / 3, delay] as const
      })
      return connect(from.name, to.name, synapses(entries))
    }
    case 'small rule':
      return connect(from.name, to.name, fixedProbability(0.5, normal(2 * weight, Math.abs(weight))), options)
    case 'large rule': {
      const each = (weight * from.size) / inDegree
      const pattern = fixedInDegree(inDegree, normal(each, Math.abs(each)), { multiple: true, selfConnections: true })
      return connect(from.name, to.name, pattern, options)
    }
  }
}
