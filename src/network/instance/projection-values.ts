import type { HeldSynapses } from '../connectivity/connectivity.js'
import { connectivityOf } from '../connectivity/connectivity-of.js'
import type { Projection, Quantity } from '../description/network.js'
import { draw, drawValues, type Origin, placesBetween, singleValuesOf, valuesOf } from './draw.js'
import type { DelayShape, ProjectionValues } from './instance.js'
import type { ProjectionOrigin } from './projection-origin.js'

export interface PlacedProjection {
  readonly values: ProjectionValues
  /** Index in the whole projection of synapse s. */
  placeOf(s: number): number
}

/** Draws the numbers of a projection into a slice of its target; lists of a rule's synapses wait until they are asked for. */
export function projectionValues(projection: Projection, from: ProjectionOrigin): PlacedProjection {
  const { key, source, target, delays } = projection
  const { order, fromSource, whole, slice, seed } = from
  const connectivity = connectivityOf(projection)
  const synapses = once(() => connectivity.hold(whole, seed, slice))
  const { layout, drawsSingles } = connectivity
  const lacksPairs = connectivity.absent.length > 0
  const drawAll = (quantity: Quantity, field: string) => {
    const values = drawsSingles ? singleValuesOf(quantity, origin(field)) : valuesOf(quantity, origin(field))
    return ownValues(synapses(), drawValues(values, synapses().places))
  }
  const joined = once(() => (lacksPairs ? connectivity.joinedUnits(whole) : null))
  const weights = once(() => drawAll(projection.weights, 'weights'))
  const perSynapse = once(() => drawAll(delays.kind === 'perSynapse' ? delays.values : 0, 'delays'))
  const delayShape: DelayShape = delays.kind
  const shared = sharedDelays(projection, whole.sources, origin('delays'))
  const values: ProjectionValues = {
    ...{ order, key, source, target, fromSource, delayShape },
    ...(projection.sign === undefined ? {} : { sign: projection.sign }),
    ...(projection.through === undefined ? {} : { isRouted: true }),
    sourceSize: whole.sources,
    targetSize: slice.end - slice.start,
    layout,
    get sources() {
      return synapses().sources
    },
    get targets() {
      return synapses().targets
    },
    get absent() {
      return lacksPairs ? synapses().absent : null
    },
    get joined() {
      return joined()
    },
    get weights() {
      return weights()
    },
    get delays() {
      return shared ?? perSynapse()
    },
  }
  // Says nothing that the values do not: instances with the same values are the same.
  const draws = connectivity.draws(from)
  if (draws !== null) Object.defineProperty(values, 'draws', { value: draws })
  return { values, placeOf: (s) => synapses().places.indexOf(s) }

  function origin(field: string): Origin {
    return { seed, stream: `${key}/${field}` }
  }
}

/** Null where every synapse has a delay of its own. */
function sharedDelays({ delays }: Projection, sourceSize: number, origin: Origin): Float64Array | null {
  switch (delays.kind) {
    case 'none':
      return new Float64Array(0)
    case 'scalar':
      return Float64Array.of(delays.value)
    case 'perSource':
      return draw(delays.values, placesBetween(0, sourceSize), origin)
    case 'perSynapse':
      return null
  }
}

/** One per synapse index, 0 where there is none. */
function ownValues({ absent }: HeldSynapses, values: Float64Array): Float64Array {
  absent?.forEach((isAbsent, s) => {
    if (isAbsent !== 0) values[s] = 0
  })
  return values
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | null = null
  return () => {
    made ??= { result: make() }
    return made.result
  }
}
