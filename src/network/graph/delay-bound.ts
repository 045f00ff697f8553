import type { Network, Projection, Quantity } from '../description/network.js'
import type { MatrixShape } from '../validation/validate-matrix.js'
import { joinedUnits } from './joined-units.js'

/** The smallest delay that each projection of a network can have, in the order of its list; see `delayBound`. */
export function delayBounds({ groups, projections }: Network): readonly number[] {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  return projections.map((projection) => {
    const { source, target } = projection
    return delayBound(projection, { sources: sizes.get(source) as number, targets: sizes.get(target) as number })
  })
}

/**
 * The smallest delay in ms that the synapses of a projection can have, from its description alone.
 *
 * Numbers and lists: the smallest over the synapses that exist. Distributions: the value, the lower end, or 0 for
 * normal variates, which have none. Infinity if there is no synapse; a rule may join every source.
 */
export function delayBound(projection: Projection, shape: MatrixShape): number {
  if (isEmpty(projection, shape)) return Number.POSITIVE_INFINITY
  const { delays } = projection
  switch (delays.kind) {
    case 'none':
      return 0
    case 'scalar':
      return delays.value
    case 'perSource':
      return smallestOf(delays.values, (values) => smallestPerSource(values, projection, shape))
    case 'perSynapse': {
      const least = smallestOf(delays.values, (values) => smallestPerSynapse(values, projection))
      // What is drawn for a rule is rounded.
      return projection.connectivity.kind === 'rule' ? Math.min(least, Math.fround(least)) : least
    }
  }
}

function isEmpty({ connectivity }: Projection, { sources, targets }: MatrixShape): boolean {
  if (connectivity.kind === 'rule') return false
  if (connectivity.kind === 'synapses') return connectivity.sources.length === 0
  return connectivity.absent.length === sources * targets
}

function smallestOf(quantity: Quantity, ofList: (values: readonly number[]) => number): number {
  if (typeof quantity === 'number') return quantity
  if (!('distribution' in quantity)) return ofList(quantity)
  switch (quantity.distribution) {
    case 'constant':
      return Math.max(0, quantity.value)
    case 'uniform':
      return Math.max(0, quantity.low)
    case 'normal':
      return 0
  }
}

function smallestPerSource(values: readonly number[], { connectivity }: Projection, shape: MatrixShape): number {
  const joined = joinedUnits(connectivity, shape)
  return values.reduce(
    (smallest, value, unit) => (joined[unit] === 0 ? smallest : Math.min(smallest, value)),
    Number.POSITIVE_INFINITY,
  )
}

function smallestPerSynapse(values: readonly number[], { connectivity }: Projection): number {
  // Ascending, so one pass passes over them all.
  const absent = connectivity.kind === 'dense' ? connectivity.absent : []
  let skipped = 0
  return values.reduce((smallest, value, synapse) => {
    if (absent[skipped] !== synapse) return Math.min(smallest, value)
    skipped++
    return smallest
  }, Number.POSITIVE_INFINITY)
}
