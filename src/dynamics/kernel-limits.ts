import type { LifGroup, LiGroup, Projection, RuleConnectivity } from '../network/network.js'
import { type TauField, tauShapes } from '../network/time-constants.js'
import { hasManyNulls } from './many-nulls.js'
import { type ProjectionEnds, rowsOf } from './octet-rows.js'
import { OCTET } from './wasm/schema/records.js'
import { shareOf } from './window/cell-grid.js'

/**
 * What computes a group: the kernel in WebAssembly for all that is not too large and sparse, the one for large sparse
 * groups, or the plain reference, event by event.
 */
export type KernelEngine = 'simd' | 'window' | 'reference'

/** Those that are quicker than the reference kernel, each where it can. */
export type FastEngine = Exclude<KernelEngine, 'reference'>

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

/** With fewer synapses the reference kernel does, whose simulations and gradients have the same bits. */
const FEW_SYNAPSES = 10_000
/** A larger share of the current in the scaled voltage would cost too many digits. */
const MOST_SHARE = 8
/**
 * Pairs of a source unit and a neuron, in whole octets, for which a sparse group may have rows of weights: 48 bytes each,
 * and in windows with gradients 16 more per trial.
 */
const MOST_PLACES = 2 ** 20
/**
 * Of the pairs of a larger sparse group so many have a synapse, or every octet looks at too many spikes that nobody in it
 * hears. CPU time of the reference kernel against the SIMD kernel, a spike or two a unit, in turns in one process: 300 units
 * to 300 neurons at 50, 10, 3 and 1 % forward 6.8, 2.0, 1.3 and 0.7 ×, forward and back 7.2, 2.0, 1.3 and 1.4 ×; 1000 to
 * 1000 at 10, 1 and 0.3 % forward 2.2, 1.2 and 0.4 ×, forward and back 2.3, 1.4 and 1.3 ×.
 */
const LEAST_SHARE = 1 / 100
const FEW_PAIRS = 10_000

/** One row per feature and reason: an engine that learns to run it leaves the row, which goes with the last one. */
export const KERNEL_LIMITS: readonly KernelLimit[] = [
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
    reason: ({ synapses }) => (synapses < FEW_SYNAPSES ? `fewer than ${FEW_SYNAPSES} synapses are expected` : null),
  },
  {
    feature: 'readout',
    lackedBy: ['window'],
    reason: ({ group }) => (group.kind === 'li' ? 'it is a readout whose synapses follow rules' : null),
  },
  {
    feature: 'adaptation',
    lackedBy: ['window'],
    reason: ({ group }) => (group.kind === 'lif' && group.adaptStep !== 0 ? 'its thresholds adapt' : null),
  },
  {
    feature: 'two synaptic time constants',
    lackedBy: ['simd', 'window'],
    reason: ({ group }) => (group.tauSyn === undefined ? 'it has two synaptic time constants' : null),
  },
  {
    feature: 'time constants per neuron',
    lackedBy: ['simd', 'window'],
    reason: ({ group }) => perNeuron(group, ['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh']),
  },
  {
    feature: 'tauAdapt per neuron',
    lackedBy: ['simd'],
    reason: ({ group }) => perNeuron(group, ['tauAdapt']),
  },
  {
    feature: 'nearly equal time constants',
    lackedBy: ['window'],
    reason: ({ group: { tauMem, tauSyn } }) => {
      if (typeof tauMem !== 'number' || typeof tauSyn !== 'number') return null
      if (Math.abs(shareOf({ tauMem, tauSyn })) <= MOST_SHARE) return null
      return `its time constants are nearly equal, ${tauMem} and ${tauSyn} ms`
    },
  },
]

/** Whether synapses are drawn by a rule. */
export function followsRule<Of extends Projection>(
  projection: Of,
): projection is Of & { readonly connectivity: RuleConnectivity } {
  return projection.connectivity.kind === 'rule'
}

/** Whether some projection into it has no rows of all pairs: then every neuron meets what arrives at itself alone. */
export function isSparse({ incoming, endsOf }: Pick<DescribedGroup, 'incoming' | 'endsOf'>): boolean {
  return incoming.some((projection) => {
    return projection.connectivity.kind !== 'dense' || hasManyNulls(projection, endsOf(projection))
  })
}

/** Synapses for which there would be room in its rows. */
function placesOf({ group, incoming, endsOf }: DescribedGroup): number {
  const lanes = OCTET * Math.ceil(group.size / OCTET)
  return incoming.reduce((sum, projection) => {
    return sum + lanes * rowsOf(projection, endsOf(projection), MOST_PLACES / lanes)
  }, 0)
}

function pairsOf({ sources, targets }: ProjectionEnds): number {
  return sources * targets
}

function perNeuron(group: DescribedGroup['group'], fields: readonly TauField[]): string | null {
  const own = tauShapes(group).filter(({ field, isCommon }) => !isCommon && fields.includes(field))
  return own.length === 0 ? null : `it has time constants per neuron: ${own.map(({ field }) => field).join(', ')}`
}
