import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import type { Network, Projection } from '../../network/description/network.js'
import { hurriedGroups } from '../../network/graph/hurried-groups.js'
import { hasNeurons } from '../../network/models/models.js'
import { DEFAULT_KERNEL, type KernelKind } from './kernel-kind.js'
import {
  type DescribedGroup,
  type FastEngine,
  hasPerNeuronArrivals,
  isSparselyJoined,
  KERNEL_LIMITS,
  type KernelEngine,
} from './kernel-limits.js'

/** What computes one group, and why. */
export interface KernelChoice {
  readonly group: string
  readonly engine: KernelEngine
  /**
   * 'shared': all neurons meet the same arrivals, which are prepared once; 'own': every neuron has arrivals of its own. Null
   * on the reference kernel, which prepares none, and of actors.
   */
  readonly feed: 'shared' | 'own' | null
  /** What keeps the group on the reference kernel, as clauses; none where it is on another one. */
  readonly reasons: readonly string[]
}

/** The one reason of a group whose session was opened with the reference kernel. */
export const ASKED_FOR = 'the reference kernel was asked for'

/**
 * Which engine runs each group of neurons, and each actor, in the order of the network: from its description alone, so that
 * it is the same on every core and for all slices of a group.
 *
 * Groups that spikes go around in next to no time run event by event together where they lie whole on one core, each on its
 * engine, with the same bits.
 */
export function chooseKernels(network: Network, kernel: KernelKind = DEFAULT_KERNEL): readonly KernelChoice[] {
  const described = new Map(describeGroups(network).map((each) => [each.group.name, each]))
  return network.groups.flatMap(({ name, kind }): readonly KernelChoice[] => {
    if (kind === 'actor') return [{ group: name, engine: 'actor', feed: null, reasons: [] }]
    const neurons = described.get(name)
    return neurons === undefined ? [] : [chooseFor(neurons, kernel)]
  })
}

function chooseFor(described: DescribedGroup, kernel: KernelKind): KernelChoice {
  const { name: group } = described.group
  const engines = enginesFor(described)
  const able = engines.find((engine) => reasonsAgainst([engine], described).length === 0)
  const engine = kernel === 'reference' ? kernel : (able ?? 'reference')
  const reasons = kernel === 'reference' ? [ASKED_FOR] : able === undefined ? reasonsAgainst(engines, described) : []
  return { group, engine, feed: arrivalSharingOf(engine, described), reasons }
}

/** Those that know the synapses of a group, whatever else they lack: the first one that lacks nothing runs it. */
function enginesFor({ incoming }: DescribedGroup): readonly FastEngine[] {
  return incoming.length > 0 && incoming.every(isSparselyJoined) ? ['window', 'simd'] : ['simd']
}

/** What keeps a group from some engine of several. */
function reasonsAgainst(engines: readonly FastEngine[], described: DescribedGroup): readonly string[] {
  const limits = KERNEL_LIMITS.filter(({ lackedBy }) => engines.some((engine) => lackedBy.includes(engine)))
  return limits.flatMap(({ reason }) => reason(described) ?? [])
}

function arrivalSharingOf(engine: KernelEngine, described: DescribedGroup): KernelChoice['feed'] {
  if (engine === 'reference') return null
  return hasPerNeuronArrivals(described) ? 'own' : 'shared'
}

function describeGroups(network: Network): readonly DescribedGroup[] {
  const { groups, projections } = network
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  let hurried: ReadonlySet<string> | null = null
  return groups.flatMap((group): readonly DescribedGroup[] => {
    if (!hasNeurons(group)) return []
    const incoming = projections.filter(({ target }) => target === group.name)
    const endsOf = ({ source }: Projection) => ({ sources: sizes.get(source) ?? 0, targets: group.size })
    return [
      {
        ...{ group, incoming },
        endsOf,
        get synapses() {
          return incoming.reduce((sum, projection) => sum + connectivityOf(projection).count(endsOf(projection)), 0)
        },
        // Every delay is looked at, which only large sparse groups need.
        get isHurried() {
          hurried ??= hurriedGroups(network)
          return hurried.has(group.name)
        },
      },
    ]
  })
}
