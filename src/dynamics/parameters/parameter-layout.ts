import type { TauShape } from '../../network/description/time-constants.js'
import type { HeldUnits } from '../../network/instance/instance.js'
import type { LearnedField } from '../../network/models/neuron-model.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { type TreeNode, treeNodes } from '../../numerics/tree-nodes.js'
import type { Afferent, Synapses } from './synapses.js'

/** Where one time constant of a group lies. */
export interface TauPlace extends TauShape {
  /** First place in the vector, and how many: one if the whole group shares it, else one per neuron held. */
  readonly at: number
  readonly count: number
  /** Of the gradient vector: the first of one place per neuron held. */
  readonly perNeuron: number
}

/**
 * Where the learnable numbers of a group (or a slice of it) and the synapses into it lie in one flat vector:
 * weights | delays | bias | threshold | adaptStep | time constants, synapses and delays projection after projection.
 *
 * A gradient vector has the same places, and behind them `shared`: for each block of 32 neurons held and each source
 * unit of a projection whose delays are shared between neurons (scalar and per source) the gradient events sent back to
 * it, so that units and blocks can be added in their fixed order wherever they are. Last come the gradients by the time
 * constants, neuron by neuron, even where neurons share them.
 */
export interface ParameterLayout {
  /** Neurons held. */
  readonly size: number
  readonly weights: number
  readonly delays: number
  readonly bias: number
  readonly threshold: number
  readonly adaptStep: number
  /** The time constants, in the order of `TAU_FIELDS`. */
  readonly taus: readonly TauPlace[]
  /** Length of the parameter vector. */
  readonly length: number
  readonly shared: number
  /** Source units of projections with shared delays, and the first of each projection's (-1: it has none). */
  readonly sharedCount: number
  readonly sharedBase: readonly number[]
  /** Blocks held, and of the whole group. */
  readonly blocks: number
  readonly groupBlocks: number
  /** The largest subtrees of the tree over the group's blocks that are the blocks held. */
  readonly nodes: readonly TreeNode[]
  /** What returned gradients are summed over: the same, or each block by itself where they are worked on before they are added. */
  readonly returnedNodes: readonly TreeNode[]
  /** Length of the gradient vector. */
  readonly gradientLength: number
}

/** A delay that several neurons share: it belongs to the whole group, not to a slice. */
export function hasSharedDelays({ delayShape }: Pick<Afferent, 'delayShape'>): boolean {
  return delayShape === 'scalar' || delayShape === 'perSource'
}

/**
 * @param taus the time constants of the group; default: none that could be learned
 * @param returned what returned gradients are summed over; default: as much as is held
 */
export function parameterLayout(
  synapses: Synapses,
  { size, start, total }: Pick<HeldUnits, 'size' | 'start' | 'total'>,
  taus: readonly TauShape[] = [],
  returned: 'nodes' | 'blocks' = 'nodes',
): ParameterLayout {
  const delays = synapses.count
  const bias = delays + synapses.delayCount
  const threshold = bias + size
  const adaptStep = threshold + size
  let length = adaptStep + size
  const places = taus.map((shape) => {
    const count = shape.isCommon ? 1 : size
    length += count
    return { ...shape, at: length - count, count }
  })
  let sharedCount = 0
  const sharedBase = synapses.afferents.map((afferent) => {
    if (!hasSharedDelays(afferent)) return -1
    sharedCount += afferent.sourceSize
    return sharedCount - afferent.sourceSize
  })
  const blocks = Math.ceil(size / BLOCK)
  const groupBlocks = Math.ceil(total / BLOCK)
  const firstBlock = start / BLOCK
  const perNeuron = length + blocks * sharedCount
  const nodes = treeNodes(groupBlocks, firstBlock, firstBlock + blocks)
  const each = Array.from({ length: blocks }, (_, b) => ({ from: firstBlock + b, to: firstBlock + b + 1 }))
  return {
    size,
    weights: 0,
    delays,
    bias,
    threshold,
    adaptStep,
    taus: places.map((place, k) => ({ ...place, perNeuron: perNeuron + k * size })),
    length,
    shared: length,
    sharedCount,
    sharedBase,
    blocks,
    groupBlocks,
    nodes,
    returnedNodes: returned === 'nodes' ? nodes : each,
    gradientLength: perNeuron + taus.length * size,
  }
}

/** Parameters of one kind, by where they begin in a layout. */
export type LayoutPart = 'weights' | 'delays' | LearnedField | 'taus'

/** Views of what the gradients of some parts are made of, in a gradient vector. */
export function gradientViews(
  layout: ParameterLayout,
  vector: Float64Array,
  parts: readonly LayoutPart[],
): readonly Float64Array[] {
  const { weights, delays, bias, threshold, adaptStep, size, taus, shared, gradientLength } = layout
  const perNeuron = taus[0]?.perNeuron ?? gradientLength
  const ranges: Readonly<Record<LayoutPart, readonly (readonly [number, number])[]>> = {
    weights: [[weights, delays]],
    delays: [
      [delays, bias],
      [shared, perNeuron],
    ],
    bias: [[bias, bias + size]],
    threshold: [[threshold, threshold + size]],
    adaptStep: [[adaptStep, adaptStep + size]],
    taus: [[perNeuron, gradientLength]],
  }
  return parts.flatMap((part) =>
    ranges[part].filter(([from, to]) => from < to).map(([from, to]) => vector.subarray(from, to)),
  )
}

/**
 * Offsets of one slot's gradients by the time constants, one place per neuron each. Neurons with one synaptic current have
 * one place for both signs.
 */
export interface TauOffsets {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
  readonly tauAdapt: number
}

/** @param base where the slot's gradient vector begins */
export function tauOffsets({ taus }: ParameterLayout, base: number): TauOffsets {
  const placeOf = (...fields: readonly string[]) => {
    const place = taus.find(({ field }) => fields.includes(field))
    return place === undefined ? -1 : base + place.perNeuron
  }
  const tauSynExc = placeOf('tauSyn', 'tauSynExc')
  const tauSynInh = placeOf('tauSynInh')
  return {
    tauMem: placeOf('tauMem'),
    tauSynExc,
    tauSynInh: tauSynInh < 0 ? tauSynExc : tauSynInh,
    tauAdapt: placeOf('tauAdapt'),
  }
}
