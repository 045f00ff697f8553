import { expectedSynapses } from '../network/connection-rule.js'
import { hurriedGroups } from '../network/hurried-groups.js'
import type { Network, Projection } from '../network/network.js'
import { DEFAULT_KERNEL, type KernelKind } from './kernel-kind.js'
import { type DescribedGroup, type FastEngine, followsRule, KERNEL_LIMITS, type KernelEngine } from './kernel-limits.js'

/** Runs that are none of plain simulation with the parameters that the session was opened with. */
export type KernelRuns = 'gradients under a silent hinge' | 'changed parameters'

/** Runs of a group that its own engine leaves to another one, whose bits are others. */
export interface KernelElsewhere {
  readonly runs: KernelRuns
  readonly engine: KernelEngine
  /** As a clause. */
  readonly reason: string
}

/** What computes one group of neurons, and why. */
export interface KernelChoice {
  readonly group: string
  /** Of simulations, and of everything else but what runs `elsewhere`. */
  readonly engine: KernelEngine
  /**
   * 'shared': all neurons meet the same arrivals, which are prepared once; 'own': every neuron has arrivals of its own. Null
   * on the reference kernel, which prepares none.
   */
  readonly feed: 'shared' | 'own' | null
  /** What keeps the group on the reference kernel, as clauses; none where it is on another one. */
  readonly reasons: readonly string[]
  readonly elsewhere: readonly KernelElsewhere[]
}

/** The one reason of a group whose session was opened with the reference kernel. */
export const ASKED_FOR = 'the reference kernel was asked for'

const ELSEWHERE: Readonly<Record<KernelEngine, readonly KernelElsewhere[]>> = {
  simd: [],
  window: [
    {
      runs: 'gradients under a silent hinge',
      engine: 'reference',
      reason: 'the window kernel keeps no maxima of voltages',
    },
  ],
  reference: [],
}

/**
 * Which engine runs each group of neurons, in the order of the network: from its description alone, so that it is the same
 * on every core and for all slices of a group.
 *
 * Groups that spikes go around in next to no time run event by event together where they lie whole on one core, each on its
 * engine, with the same bits.
 */
export function chooseKernels(network: Network, kernel: KernelKind = DEFAULT_KERNEL): readonly KernelChoice[] {
  return describeGroups(network).map((described) => {
    const { name: group } = described.group
    const nearest = nearestEngine(described)
    const reasons = kernel === 'reference' ? [ASKED_FOR] : reasonsAgainst(nearest, described)
    const engine = reasons.length === 0 ? nearest : 'reference'
    return { group, engine, feed: feedOf(engine, described), reasons, elsewhere: ELSEWHERE[engine] }
  })
}

/** What computes a group in some kind of runs. */
export function engineIn(runs: KernelRuns, { engine, elsewhere }: KernelChoice): KernelEngine {
  return elsewhere.find((other) => other.runs === runs)?.engine ?? engine
}

/** The one that knows the synapses of a group, whatever else it lacks. */
function nearestEngine({ incoming }: DescribedGroup): FastEngine {
  return incoming.length > 0 && incoming.every(followsRule) ? 'window' : 'simd'
}

function reasonsAgainst(engine: FastEngine, described: DescribedGroup): readonly string[] {
  const limits = KERNEL_LIMITS.filter(({ lackedBy }) => lackedBy.includes(engine))
  return limits.flatMap(({ reason }) => reason(described) ?? [])
}

function feedOf(engine: KernelEngine, { incoming }: DescribedGroup): KernelChoice['feed'] {
  if (engine === 'reference') return null
  return engine === 'window' || incoming.some(({ delays }) => delays.kind === 'perSynapse') ? 'own' : 'shared'
}

function describeGroups(network: Network): readonly DescribedGroup[] {
  const { groups, projections } = network
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  let hurried: ReadonlySet<string> | null = null
  return groups.flatMap((group): readonly DescribedGroup[] => {
    if (group.kind === 'source') return []
    const incoming = projections.filter(({ target }) => target === group.name)
    return [
      {
        ...{ group, incoming },
        sourceSize: ({ source }) => sizes.get(source) ?? 0,
        get synapses() {
          return incoming.reduce((sum, projection) => sum + synapsesOf(sizes, projection), 0)
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

function synapsesOf(sizes: ReadonlyMap<string, number>, projection: Projection): number {
  if (!followsRule(projection)) return 0
  const { source, target, connectivity } = projection
  const [sources = 0, targets = 0] = [sizes.get(source), sizes.get(target)]
  return expectedSynapses(connectivity.rule, { sources, targets, isRecurrent: source === target }, targets)
}
