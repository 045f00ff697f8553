import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import type { GroupValues, NetworkInstance, ProjectionValues } from '../../network/instance/instance.js'
import { instantiate } from '../../network/instance/instantiate.js'
import { withValues } from '../../network/instance/with-values.js'
import { instanceWith } from '../instance-with.js'
import { heldArrays } from './held-arrays.js'
import { parametersOf } from './parameters-of.js'

/**
 * A network with all learnable numbers of another one of the same shape: weights, delays, thresholds, adaptation steps,
 * biases and time constants. What is not learned, such as refractory periods, stays its own.
 *
 * Raises `InputError` NETWORK_MISMATCH, naming the group or projection: one that only one of them has, other sizes or kinds,
 * other synapses, other numbers of delays or time constants.
 *
 * @param seed draws the synapses of a rule, in both
 */
export function withParametersOf(network: Network, source: Network, seed: number): Network {
  const [own, other] = [instantiate(network, seed), instantiate(source, seed)]
  requireSame('group', own.groups, other.groups, ({ name }) => name, shapeOfGroup)
  requireSame('projection', own.projections, other.projections, ({ key }) => key, shapeOfProjection)
  requireSameArrays(own, other)
  for (const [k, projection] of own.projections.entries())
    if (!joinSame(projection, other.projections[k])) throw mismatch('projection', projection.key, OTHER_SYNAPSES)
  return withValues(network, instanceWith(own, parametersOf(other)))
}

const OTHER_SYNAPSES = { found: 'synapses of other pairs', expected: 'those of the network that is trained' }

interface Difference {
  readonly found: string
  readonly expected: string
}

function requireSame<Part>(
  what: string,
  own: readonly Part[],
  other: readonly Part[],
  nameOf: (part: Part) => string,
  shapeOf: (part: Part) => string,
): void {
  const [ours, theirs] = [own, other].map((parts) => new Map(parts.map((part) => [nameOf(part), shapeOf(part)])))
  for (const name of new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
    const [expected = 'none', found = 'none'] = [ours?.get(name), theirs?.get(name)]
    if (expected !== found) throw mismatch(what, name, { found, expected })
  }
}

function shapeOfGroup({ kind, size }: GroupValues): string {
  return `${size} units of kind ${kind}`
}

function shapeOfProjection({ sourceSize, targetSize, layout, weights }: ProjectionValues): string {
  const pairs = `from ${sourceSize} to ${targetSize} units`
  return layout === 'dense' ? `dense ${pairs}` : `${weights.length} synapses ${pairs}`
}

/** Delays and time constants may be one number for all, or one each. */
function requireSameArrays(own: NetworkInstance, other: NetworkInstance): void {
  const theirs = new Map(heldArrays(other).map((array) => [`${array.of} ${array.name}`, array.length]))
  const ours = heldArrays(own)
  for (const { in: part, of, name, length } of ours) {
    const found = theirs.get(`${of} ${name}`) ?? 0
    if (found === length) continue
    throw mismatch(part === 'groups' ? 'group' : 'projection', of, {
      found: `${found} ${name}`,
      expected: `${length}`,
    })
  }
}

function joinSame(own: ProjectionValues, other: ProjectionValues | undefined): boolean {
  if (other === undefined || own.key !== other.key) return true
  const isSame = (a: ArrayLike<number> | null, b: ArrayLike<number> | null) => {
    if (a === null || b === null) return a === b
    return a.length === b.length && Array.prototype.every.call(a, (value: number, k: number) => value === b[k])
  }
  if (own.layout === 'dense') return isSame(own.absent, other.absent)
  return isSame(own.sources, other.sources) && isSame(own.targets, other.targets)
}

function mismatch(what: string, name: string, { found, expected }: Difference): InputError {
  return new InputError({
    code: 'NETWORK_MISMATCH',
    field: `${what} "${name}"`,
    found,
    expected,
    remedy: 'Take a network of the same shape, or describe the one that is trained as the other one is.',
  })
}
