import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { connectivityOf } from '../connectivity/connectivity-of.js'
import { deepFreeze } from '../description/deep-freeze.js'
import type { Delays, Group, Network, Projection, Quantity } from '../description/network.js'
import { TAU_FIELDS } from '../description/time-constants.js'
import type { GroupValues, NetworkInstance, ProjectionValues } from './instance.js'
import { requireInstance } from './require-instance.js'

/**
 * The description with the numbers of an instance in place of its own, ready to be written.
 *
 * A single number stays one while every value still equals it, a time constant that is one number of the whole group as
 * long as the neurons share it. The synapses of a rule become a list, as they are those
 * of one seed; otherwise structure and structure hash do not change.
 * Raises the codes of `defineNetwork` for a number that is out of range, such as after a diverged training.
 */
export function withValues<Names extends string>(network: Network<Names>, instance: NetworkInstance): Network<Names> {
  requireInstance(instance)
  const groups = network.groups.map((group, index) => groupWith(group, instance.groups[index]))
  const projections = network.projections.map((projection, index) => {
    return projectionWith(projection, instance.projections[index])
  })
  return deepFreeze({ groups, projections })
}

function groupWith<Described extends Group>(group: Described, values: GroupValues | undefined): Described {
  if (values?.name !== group.name || values.kind !== group.kind || values.size !== group.size)
    throw stranger(group.name)
  if (values.kind === 'source' || group.kind === 'source') return group
  const numbers = new Map<string, Quantity>()
  for (const [field, quantity] of Object.entries(group)) {
    const own = entryOf(values as unknown as Record<string, unknown>, field === 'tauSyn' ? 'tauSynExc' : field)
    if (!(own instanceof Float64Array)) continue
    numbers.set(field, isTau(field) ? settleTau(quantity as Quantity, own) : settle(quantity as Quantity, own))
  }
  return { ...group, ...Object.fromEntries(numbers) }
}

function projectionWith<Names extends string>(
  projection: Projection<Names>,
  values: ProjectionValues | undefined,
): Projection<Names> {
  if (values?.key !== projection.key) throw stranger(projection.key)
  return {
    ...projection,
    connectivity: connectivityOf(projection).settled(values),
    weights: settle(projection.weights, values.weights),
    delays: delaysWith(projection.delays, values.delays),
  }
}

function delaysWith(delays: Delays, values: Float64Array): Delays {
  switch (delays.kind) {
    case 'none':
      return delays
    case 'scalar':
      return { kind: 'scalar', value: (values[0] as number) + 0 }
    default:
      return { kind: delays.kind, values: numbersOf(values) }
  }
}

function settle(quantity: Quantity, values: Float64Array): Quantity {
  return typeof quantity === 'number' && values.every((value) => value === quantity) ? quantity : numbersOf(values)
}

/** It keeps the shape it has, which says what neurons share and which kernel runs them. */
function settleTau(quantity: Quantity, values: Float64Array): Quantity {
  const first = values[0]
  const isShared = typeof quantity === 'number' && first !== undefined && values.every((value) => value === first)
  return isShared ? first : settle(quantity, values)
}

function isTau(field: string): boolean {
  return TAU_FIELDS.some((tau) => tau === field)
}

/** -0 becomes 0, which a file could not tell apart. */
function numbersOf(values: Float64Array): number[] {
  return Array.from(values, (value) => value + 0)
}

function stranger(name: string): InternalError {
  return new InternalError(`The instance does not belong to the network: it lacks "${name}" in its place.`, { name })
}
