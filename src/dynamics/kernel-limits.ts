import type { LifGroup, LiGroup, Projection, RuleConnectivity } from '../network/network.js'
import { type TauField, tauShapes } from '../network/time-constants.js'
import { areNearlyEqual } from './window/cell-grid.js'

/**
 * What computes a group: the kernel in WebAssembly for dense groups, the one for large sparse groups, or the plain
 * reference, event by event.
 */
export type KernelEngine = 'simd' | 'window' | 'reference'

/** Those that are quicker than the reference kernel, each where it can. */
export type FastEngine = Exclude<KernelEngine, 'reference'>

/** A group of neurons as the description of its network has it: never a slice, nor what is drawn. */
export interface DescribedGroup {
  readonly group: (LifGroup | LiGroup) & { readonly name: string }
  /** The projections into it. */
  readonly incoming: readonly Projection[]
  /** Units of the source of one of them. */
  sourceSize(projection: Projection): number
  /** How many synapses rules are expected to give it. */
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
/** Of the pairs of a projection: with more that have no synapse, and cost as much as those that have one, less is gained. */
const MOST_NULLS = 7 / 8

/** One row per feature and reason: an engine that learns to run it leaves the row, which goes with the last one. */
export const KERNEL_LIMITS: readonly KernelLimit[] = [
  {
    feature: 'short cycle',
    lackedBy: ['window'],
    reason: ({ isHurried }) => (isHurried ? 'spikes might go around its cycle in less than 0.1 ms a projection' : null),
  },
  {
    feature: 'many null weights',
    lackedBy: ['simd'],
    reason: ({ incoming, group, sourceSize }) => {
      const counts = incoming.flatMap((projection) => {
        const { connectivity, key } = projection
        if (connectivity.kind !== 'dense') return []
        const [nulls, pairs] = [connectivity.absent.length, group.size * sourceSize(projection)]
        return nulls > MOST_NULLS * pairs ? [`${key}: ${nulls} of ${pairs}`] : []
      })
      return counts.length === 0 ? null : `more than seven eighths of the weights are null (${counts.join(', ')})`
    },
  },
  {
    feature: 'listed synapses',
    lackedBy: ['simd'],
    reason: ({ incoming }) =>
      along(incoming, 'synapses are listed', ({ connectivity }) => connectivity.kind === 'synapses'),
  },
  {
    feature: 'a rule among others',
    lackedBy: ['simd'],
    reason: ({ incoming }) => along(incoming, 'not all, but some synapses follow a rule', followsRule),
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
    lackedBy: ['simd', 'window'],
    reason: ({ group }) => perNeuron(group, ['tauAdapt']),
  },
  {
    feature: 'nearly equal time constants',
    lackedBy: ['window'],
    reason: ({ group: { tauMem, tauSyn } }) => {
      if (typeof tauMem !== 'number' || typeof tauSyn !== 'number') return null
      if (!areNearlyEqual({ tauMem, tauSyn })) return null
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

/** A clause with the projections that it is true of; null if there is none. */
function along(
  incoming: readonly Projection[],
  clause: string,
  isTrueOf: (projection: Projection) => boolean,
): string | null {
  const keys = incoming.filter(isTrueOf).map(({ key }) => key)
  if (keys.length === 0) return null
  return `${clause} (${keys.length === 1 ? 'projection' : 'projections'} ${keys.join(', ')})`
}

function perNeuron(group: DescribedGroup['group'], fields: readonly TauField[]): string | null {
  const own = tauShapes(group).filter(({ field, isCommon }) => !isCommon && fields.includes(field))
  return own.length === 0 ? null : `it has time constants per neuron: ${own.map(({ field }) => field).join(', ')}`
}
