import { connectivityOf } from '../connectivity/connectivity-of.js'
import type { Network, Projection, Quantity } from '../description/network.js'
import type { MatrixShape } from '../validation/read-matrix.js'

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
function delayBound(projection: Projection, shape: MatrixShape): number {
  const connectivity = connectivityOf(projection)
  if (connectivity.isEmpty(shape)) return Number.POSITIVE_INFINITY
  const { delays } = projection
  switch (delays.kind) {
    case 'none':
      return 0
    case 'scalar':
      return delays.value
    case 'perSource':
      return smallestOf(delays.values, (values) => smallestPerSource(values, connectivity.joinedUnits(shape)))
    case 'perSynapse': {
      const least = smallestOf(delays.values, (values) => smallestPerSynapse(values, connectivity.absent))
      return connectivity.drawsSingles ? Math.min(least, Math.fround(least)) : least
    }
  }
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

function smallestPerSource(values: readonly number[], joined: Uint8Array): number {
  return values.reduce(
    (smallest, value, unit) => (joined[unit] === 0 ? smallest : Math.min(smallest, value)),
    Number.POSITIVE_INFINITY,
  )
}

/** @param absent ascending, so one pass passes over them all */
function smallestPerSynapse(values: readonly number[], absent: readonly number[]): number {
  let skipped = 0
  return values.reduce((smallest, value, synapse) => {
    if (absent[skipped] !== synapse) return Math.min(smallest, value)
    skipped++
    return smallest
  }, Number.POSITIVE_INFINITY)
}
