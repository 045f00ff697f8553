import type { LifGroup, LiGroup, Projection } from '../../network/description/network.js'
import { limitOf, type TauField, tauShapes } from '../../network/description/time-constants.js'
import { isReadout } from '../../network/models/models.js'
import { hasManyNulls, type ProjectionEnds, rowsOf } from './lane-group-rows.js'
import { LANE_COUNT } from './wasm/schema/records.js'

/**
 * What computes a group: the kernel in WebAssembly for all groups that are not too large and sparse, the one for large
 * sparse groups, or the plain reference, event by event; 'actor': a user-defined module.
 */
export type KernelEngine = 'simd' | 'window' | 'reference' | 'actor'

/** Those that are quicker than the reference kernel, each where it can. */
export type FastEngine = Exclude<KernelEngine, 'reference' | 'actor'>

/** A group of neurons as the description of its network has it: never a slice, nor what is drawn. */
export interface DescribedGroup {
  readonly group: (LifGroup | LiGroup) & { readonly name: string }
  /** The projections into it. */
  readonly incoming: readonly Projection[]
  /** Units of the source of one of them, and the neurons of the group. */
  endsOf(projection: Projection): ProjectionEnds
  /** How many synapses it has; those of rules are expected. */
  readonly synapses: number
  /** See `hurriedGroups`. */
  readonly isHurried: boolean
}

/** Something that a group may have and an engine cannot run. */
export interface KernelLimit {
  readonly feature: string
  readonly lackedBy: readonly FastEngine[]
  /** What a group has of it, as a clause; null if it does without. */
  readonly reason: (described: DescribedGroup) => string | null
}

/** Fewer synapses are not worth the bins of the window kernel. */
const FEW_SYNAPSES = 10_000
/**
 * Pairs of a source unit and a neuron, in whole lane groups, for which a sparse group may have rows of weights: 48 bytes each,
 * and in windows with gradients 16 more per trial.
 */
const MOST_PLACES = 2 ** 20
/**
 * Minimum connectivity of a larger sparse group: below this share of pairs with a synapse, every lane group processes
 * too many spikes that none of its neurons receives. CPU time of the reference kernel against the SIMD kernel, a spike
 * or two a unit, in turns in one process: 300 units to 300 neurons at 50, 10, 3 and 1 % forward 6.8, 2.0, 1.3 and 0.7
 * ×, forward and back 7.2, 2.0, 1.3 and 1.4 ×; 1000 to 1000 at 10, 1 and 0.3 % forward 2.2, 1.2 and 0.4 ×, forward and
 * back 2.3, 1.4 and 1.3 ×.
 */
const LEAST_SHARE = 1 / 100
const FEW_PAIRS = 10_000

/** What the voltage moves by between spikes. */
const COURSE: readonly TauField[] = ['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh']

/** One row per feature and reason: an engine that learns to run it leaves the row, which goes with the last one. */
export const KERNEL_LIMITS: readonly KernelLimit[] = [
  {
    feature: 'limit of a time constant',
    lackedBy: ['simd', 'window'],
    reason: ({ group }) => limitOf(group)?.clause ?? null,
  },
  {
    feature: 'short cycle',
    lackedBy: ['window'],
    reason: ({ isHurried }) => (isHurried ? 'spikes might go around its cycle in less than 0.1 ms a projection' : null),
  },
  {
    feature: 'many rows',
    lackedBy: ['simd'],
    reason: (described) => {
      const places = isSparse(described) ? placesOf(described) : 0
      if (places <= MOST_PLACES) return null
      return `its rows of weights would have room for more than ${MOST_PLACES} synapses, though it is sparse`
    },
  },
  {
    feature: 'hardly any synapses',
    lackedBy: ['simd'],
    reason: (described) => {
      const { incoming, endsOf, synapses } = described
      const pairs = incoming.reduce((sum, projection) => sum + pairsOf(endsOf(projection)), 0)
      if (!isSparse(described) || pairs <= FEW_PAIRS || synapses >= LEAST_SHARE * pairs) return null
      return `fewer than a hundredth of its pairs have a synapse (${Math.round(synapses)} of ${pairs})`
    },
  },
  {
    feature: 'few synapses',
    lackedBy: ['window'],
    reason: ({ synapses, incoming }) => {
      if (synapses >= FEW_SYNAPSES) return null
      const isDrawn = incoming.some(({ connectivity }) => connectivity.kind === 'rule')
      return isDrawn ? `fewer than ${FEW_SYNAPSES} synapses are expected` : `it has fewer than ${FEW_SYNAPSES} synapses`
    },
  },
  {
    feature: 'readout',
    lackedBy: ['window'],
    reason: ({ group }) => (isReadout(group) ? 'it is a readout whose synapses follow rules, or are listed' : null),
  },
]

/** Whether synapses are drawn by a rule, or listed, as they are once their numbers were learned. */
export function isSparselyJoined({ connectivity }: Projection): boolean {
  return connectivity.kind !== 'dense'
}

/** Whether some projection into it has no rows of all pairs. */
function isSparse({ incoming, endsOf }: Pick<DescribedGroup, 'incoming' | 'endsOf'>): boolean {
  return incoming.some((projection) => lacksPairs(projection, endsOf(projection)))
}

/** Whether every neuron meets what arrives at itself alone, or is run as if it did: with a course of two currents of its own. */
export function hasPerNeuronArrivals({
  group,
  incoming,
  endsOf,
}: Pick<DescribedGroup, 'group' | 'incoming' | 'endsOf'>): boolean {
  if (hasTwo(group) && perNeuron(group) !== null) return true
  return incoming.some((projection) => bringsPerNeuronArrivals(projection, endsOf(projection)))
}

function bringsPerNeuronArrivals(projection: Projection, ends: ProjectionEnds): boolean {
  return projection.delays.kind === 'perSynapse' || lacksPairs(projection, ends)
}

function lacksPairs(projection: Projection, ends: ProjectionEnds): boolean {
  return projection.connectivity.kind !== 'dense' || hasManyNulls(projection, ends)
}

/** Synapses for which there would be room in its rows. */
function placesOf({ group, incoming, endsOf }: DescribedGroup): number {
  const lanes = LANE_COUNT * Math.ceil(group.size / LANE_COUNT)
  return incoming.reduce((sum, projection) => {
    return sum + lanes * rowsOf(projection, endsOf(projection), MOST_PLACES / lanes)
  }, 0)
}

function pairsOf({ sources, targets }: ProjectionEnds): number {
  return sources * targets
}

function hasTwo({ tauSyn }: DescribedGroup['group']): boolean {
  return tauSyn === undefined
}

/** The time constants of voltages and currents that neurons have one each of; null if there are none. */
function perNeuron(group: DescribedGroup['group']): string | null {
  const own = tauShapes(group).filter(({ field, isCommon }) => !isCommon && COURSE.includes(field))
  return own.length === 0 ? null : own.map(({ field }) => field).join(', ')
}
