import type { LiGroup } from '../models/li.js'
import type { LifGroup } from '../models/lif.js'
import type { ModuleReference } from '../modules/module-reference.js'
import type { ConnectionRule } from './connection-rule.js'
import type { Emission } from './emission.js'
import type { Quantity } from './quantity.js'
import type { Sign } from './sign.js'

export type { LiGroup } from '../models/li.js'
export type { LifGroup } from '../models/lif.js'
export type { Quantity } from './quantity.js'
export type { SynapticTimeConstants } from './time-constants.js'

/** Emits the spikes it is given, or its own. */
export interface SourceGroup {
  readonly kind: 'source'
  readonly size: number
  /** How it comes to spikes of its own; absent where they are given as input. */
  readonly emission?: Emission
}

/**
 * Units whose spikes a user-defined module computes from those that arrive; see `CreateActor`. They have no learned
 * parameters; only the projections into them have.
 */
export interface ActorGroup {
  readonly kind: 'actor'
  readonly size: number
  readonly module: ModuleReference
  /** All units are computed together: never cut into slices. */
  readonly whole: boolean
  /** 'through': gradients pass if the module can undo its steps; 'stop': its spikes count as given. */
  readonly gradients: ActorGradients
}

/** What happens to gradients that come back to an actor. */
export type ActorGradients = 'through' | 'stop'

export type GroupSpec = SourceGroup | LifGroup | LiGroup | ActorGroup
export type Group = GroupSpec & { readonly name: string }

/** Every target from every source; `absent` lists the pairs target * sourceSize + source that have no synapse. */
export interface DenseConnectivity {
  readonly kind: 'dense'
  readonly absent: readonly number[]
}

/** A list of synapses; several may join the same pair. */
export interface SynapseConnectivity {
  readonly kind: 'synapses'
  readonly sources: readonly number[]
  readonly targets: readonly number[]
}

/**
 * Synapses by a rule: drawn when the network is instantiated, from the stream `key/connect` of the seed. They are ordered
 * by target; their weights and delays are one number or a distribution.
 */
export interface RuleConnectivity {
  readonly kind: 'rule'
  readonly rule: ConnectionRule
}

/** Which pairs of units have synapses; `connectivityOf` defines the meaning of each kind. */
export type Connectivity = DenseConnectivity | SynapseConnectivity | RuleConnectivity

/** Transmission delays in ms: one for all, one per source unit, or one per synapse (in synapse order). */
export type Delays =
  | { readonly kind: 'none' }
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'perSource'; readonly values: Quantity }
  | { readonly kind: 'perSynapse'; readonly values: Quantity }

export interface Projection<Names extends string = string> {
  readonly source: Names
  readonly target: Names
  /** `source->target`, the second of the same pair `source->target#2`, … or the given name. */
  readonly key: string
  readonly connectivity: Connectivity
  /** Dense: row-major [target][source]; synapses: in list order; a rule: never a list. */
  readonly weights: Quantity
  readonly delays: Delays
  /** Absent: weights may have either sign, and change it as they learn. */
  readonly sign?: Sign
  /** The operators that spikes pass on their way, the first one first; absent: none. */
  readonly through?: readonly ModuleReference[]
}

/** A network as a frozen value: what there is, never how it runs. */
export interface Network<Names extends string = string> {
  readonly groups: readonly (GroupSpec & { readonly name: Names })[]
  readonly projections: readonly Projection<Names>[]
}
