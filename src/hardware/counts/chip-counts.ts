import type { HopCounts } from '../routing/hops.js'
import type { CorePlace, Level } from '../routing/layout.js'

/** A number for each distance that a packet goes. */
export type PerLevel<Value = number> = Readonly<Record<Level, Value>>

/** What travels for one purpose. */
export interface StreamCounts {
  /** Packets by how far they go; on chips that copy them on their way one for each core that gets it. */
  readonly packets: PerLevel
  /** Packets that leave a core: as many as `packets`, but one per spike on chips that copy them on their way. */
  readonly sent: number
  /** Links from core to core, packet by packet, as if none were copied. */
  readonly hops: HopCounts
  /** Packets on links: those of trees where packets are copied on their way, else the same as `hops`. */
  readonly linkCrossings: HopCounts
  /** A packet, its payload included; null: unknown. */
  readonly packetBits: number | null
  /** Of `packets`; null: unknown. */
  readonly bytes: PerLevel<number | null>
}

/** Steps of neurons, sources apart. */
export interface NeuronSteps {
  /** Something arrived, or it spiked. */
  readonly active: number
  readonly idle: number
}

export interface ForwardCounts extends StreamCounts {
  /** Of neurons and sources. */
  readonly spikes: number
  readonly neuronSpikes: number
  /** Spikes times the synapses that they go to; those of the last step as well. */
  readonly synapticEvents: number
  readonly neuronSteps: NeuronSteps
}

/** Values of 32 bits in the payload of packets. */
export interface ValueCounts extends StreamCounts {
  readonly values: number
}

export interface BackwardCounts extends ValueCounts {
  /** Spikes of lif groups that have a target: those that get gradients. */
  readonly spikes: number
  /** As many as forward. */
  readonly synapticEvents: number
}

/** To the loss, on the core of the first slice of its group, and back from it. */
export interface LossCounts {
  readonly groups: readonly string[]
  /** Spikes of neurons, without payload. */
  readonly spikes: StreamCounts
  /** The maximum of every readout and trial. */
  readonly maxima: ValueCounts
  /** A value for each of these spikes and maxima. */
  readonly gradients: ValueCounts
}

export interface UpdateCounts {
  /** Weights that take a step, once for all trials. */
  readonly weights: number
}

export interface CoreCounts extends CorePlace {
  readonly neurons: number
  readonly neuronSteps: NeuronSteps
  readonly neuronSpikes: number
  /** Into its neurons. */
  readonly synapticEvents: number
  /** Packets of its spikes: one for each core with a target, or one that is copied on its way. */
  readonly packetsOut: number
  /** Packets that end here. */
  readonly packetsIn: number
}

/** How large the network is, and what is not there though it could be. */
export interface NetworkSize {
  readonly neurons: number
  /** Neurons that can spike. */
  readonly spiking: number
  readonly synapses: number
  /** Synapses with weight 0. */
  readonly zeroWeights: number
  /** Pairs of a unit and a neuron that some projection could join. */
  readonly pairs: number
  /** Numbers that can be learned: weights, delays, and those of neurons. */
  readonly parameters: number
}

/** What a run does on a chip; sums over all trials. */
export interface ChipCounts {
  /** Name of the profile. */
  readonly profile: string
  readonly trials: number
  /** Of all trials together. */
  readonly steps: number
  /** Model time of a step, ms; null: unknown. */
  readonly tickMs: number | null
  readonly placement: {
    readonly coresUsed: number
    readonly chipsUsed: number
    /** `chipPlacementHash`. */
    readonly hash: string
  }
  readonly network: NetworkSize
  readonly forward: ForwardCounts
  readonly backward: BackwardCounts
  readonly loss: LossCounts
  readonly update: UpdateCounts
  /** Forward, core by core. */
  readonly cores: readonly CoreCounts[]
  /** Spikes that reach a synapse of weight 0. */
  readonly zeroEvents: number
}
