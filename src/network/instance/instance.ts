import type { AddSynapse } from '../connectivity/rule-synapses.js'
import type { EmissionValues } from '../description/emission.js'
import type { ActorGradients } from '../description/network.js'
import type { Sign } from '../description/sign.js'
import type { NeuronValues } from '../models/models.js'
import type { ModuleReference } from '../modules/module-reference.js'
import type { ValueRange } from '../validation/quantity-range.js'
import type { DrawnValues } from './draw.js'
import type { HeldUnits } from './held-units.js'

export type { LiValues } from '../models/li.js'
export type { LifValues } from '../models/lif.js'
export type { FiringValues, NeuronValues } from '../models/models.js'
export type { HeldUnits } from './held-units.js'

export interface SourceValues extends HeldUnits {
  readonly kind: 'source'
  /** Absent where the spikes are given as input. */
  readonly emission?: EmissionValues
}

/** Units whose spikes a module computes: they have no numbers of their own. */
export interface ActorValues extends HeldUnits {
  readonly kind: 'actor'
  readonly module: ModuleReference
  readonly whole: boolean
  readonly gradients: ActorGradients
}

/** Groups that a kernel runs. */
export type KernelValues = NeuronValues | ActorValues
export type GroupValues = KernelValues | SourceValues

export type DelayShape = 'none' | 'scalar' | 'perSource' | 'perSynapse'

/**
 * The numbers of one projection into the held neurons of its target. Synapse s joins unit `sources[s]` of the whole
 * source to held neuron `targets[s]`, which is neuron `start + targets[s]` of the whole target.
 */
export interface ProjectionValues {
  /** Place in the network's list of projections. */
  readonly order: number
  readonly key: string
  readonly source: string
  readonly target: string
  /** Spikes pass operators on their way. Default false. */
  readonly isRouted?: boolean
  /** Units of the whole source, and whether their spikes are given: then no gradient by their times is computed. */
  readonly sourceSize: number
  readonly fromSource: boolean
  /** Neurons of the target held here. */
  readonly targetSize: number
  /** 'dense': synapse index = target * sourceSize + source. 'synapses': list order, restricted to the held targets. */
  readonly layout: 'dense' | 'synapses'
  readonly sources: Uint32Array
  readonly targets: Uint32Array
  /** 1 where a dense pair has no synapse; null when every synapse exists. */
  readonly absent: Uint8Array | null
  /**
   * 1 for every unit of the source that the description joins to some neuron of the whole target, held here or not; null
   * where it has no absent pairs, and of lists.
   */
  readonly joined: Uint8Array | null
  /** One per synapse index; 0 where absent. */
  readonly weights: Float64Array
  /** The sign that the weights keep; absent: either. */
  readonly sign?: Sign
  readonly delayShape: DelayShape
  /** Length 0 (none), 1 (scalar), sourceSize (perSource) or the number of synapse indices (perSynapse). In ms. */
  readonly delays: Float64Array
  /** Where a rule says which synapses there are: then the lists above are not made before they are asked for. */
  readonly draws?: SynapseDraws
}

/** The synapses of a rule as they are drawn, for those who do without lists of them. */
export interface SynapseDraws {
  /** Goes through the synapses: source unit, held neuron, and the index at which the synapse's numbers are drawn. */
  visit(add: AddSynapse): void
  readonly weights: DrawnValues
  /** Per synapse; null where they are shared, see `delays`. */
  readonly delaysPerSynapse: DrawnValues | null
  /** Bounds of what can be drawn, the same for all slices. */
  readonly weightRange: ValueRange
  readonly delayRange: ValueRange
}

/**
 * A network with every number drawn: groups and projections in description order. A part of a network holds slices of
 * some groups, and the projections into them.
 */
export interface NetworkInstance {
  readonly groups: readonly GroupValues[]
  readonly projections: readonly ProjectionValues[]
}
