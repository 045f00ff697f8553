import type { WordHash } from '../../numerics/word-hash.js'
import type { RuleShape } from '../description/connection-rule.js'
import type { Connectivity, Group, Projection } from '../description/network.js'
import type { Places } from '../instance/draw.js'
import type { ProjectionValues, SynapseDraws } from '../instance/instance.js'
import type { ProjectionOrigin } from '../instance/projection-origin.js'
import type { NumberRule } from '../reading/read-number.js'
import type { Slice } from '../slices/blocks.js'
import type { DelayDraft } from '../validation/read-delays.js'
import type { MatrixShape } from '../validation/read-matrix.js'
import type { PairMatrix } from './pair-rows.js'

/** One kind of connectivity: a file of its own in this folder, and a row in `connectivity-of.ts`. */
export interface ConnectivityKind<Described extends Connectivity, Given> {
  /**
   * Holds what was handed over to the rules of a description. Raises `InputError`.
   *
   * @param weightRule that the sign of the projection asks for
   */
  validate(pattern: Given, place: PatternPlace, weightRule: NumberRule): DescribedSynapses
  /** What it means for one projection. */
  of(connectivity: Described, projection: Projection): SynapsePattern
}

/** Where a pattern was handed over, between which groups, and the delays beside it. */
export interface PatternPlace {
  readonly place: string
  readonly source: Group
  readonly target: Group
  readonly shape: RuleShape
  readonly delays: DelayDraft
}

/** What the pattern of a projection says. */
export type DescribedSynapses = Pick<Projection, 'connectivity' | 'weights' | 'delays'>

/**
 * What the connectivity of one projection means. Sizes are those of the whole groups; arrays of one number per synapse are
 * in the order of the projection: row-major [target][source], in list order, or by target.
 */
export interface SynapsePattern {
  /** How synapses are counted; see `ProjectionValues`. */
  readonly layout: ProjectionValues['layout']
  /** Indices, ascending, that have a number but no synapse. */
  readonly absent: readonly number[]
  /** What is drawn for its synapses is rounded to a float32. */
  readonly drawsSingles: boolean
  /** How many synapses there are; the mean, where they are drawn. */
  count(sizes: MatrixShape): number
  /**
   * Counts synapses by blocks of 32 targets: the counts that `add` receives for a block sum up to its total. Drawn
   * synapses count by their mean, rounded in every block.
   *
   * It takes time in proportion to the blocks, the listed synapses and the absent pairs, not to the dense pairs.
   */
  countByBlock(sizes: MatrixShape, add: (block: number, count: number) => void): void
  /** Whether there surely is no synapse. */
  isEmpty(sizes: MatrixShape): boolean
  /** 1 for every unit of the source that is joined, or may be, to some neuron of the target. */
  joinedUnits(sizes: MatrixShape): Uint8Array
  /** Adds what is beside its kind to the hash of a structure. */
  addTo(hash: WordHash): void
  /** The fields of synapses, weights and delays in a network file. */
  format(sources: number): string[]
  /** Numbers per synapse in the shape that a network file has for them. */
  shape(values: Float64Array, sources: number): PairMatrix | Float64Array
  /**
   * Chooses the synapses into a slice; those of other slices take no memory, but for the lists that name them, and no time,
   * but for rules that begin at the sources.
   *
   * @param seed of the draws of rules
   */
  hold(sizes: MatrixShape, seed: number, slice: Slice): HeldSynapses
  /**
   * The same one by one, as a rule draws them, without lists of them; null where pairs are described, and only their
   * numbers drawn.
   */
  draws(from: ProjectionOrigin): SynapseDraws | null
  /** The connectivity that describes the synapses of an instance of the whole network. */
  settled(ends: Pick<ProjectionValues, 'sources' | 'targets'>): Connectivity
  /** The numbers of a slice out of those of all synapses. */
  cut(whole: Float64Array, slice: CountedSlice, sources: number): Float64Array
  /** The numbers of all synapses from those of all slices, in whatever order they come. */
  merge(slices: readonly SliceNumbers[], sources: number): Float64Array
}

/** The synapses of a projection that end in a slice of its target, and their places among all of them. */
export interface HeldSynapses
  extends Pick<ProjectionValues, 'layout' | 'sources' | 'targets' | 'absent' | 'sourceSize' | 'targetSize'> {
  readonly places: Places
}

/** A slice of the target, and the numbers that it and all slices before it have. */
interface CountedSlice extends Slice {
  readonly count: number
  before(): number
}

/** A slice of the target with its numbers. */
export interface SliceNumbers extends Slice {
  readonly values: Float64Array
}
