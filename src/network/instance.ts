/** The numbers of one group, one per neuron; times in ms. Unused fields of an `li` group are absent. */
export interface LifValues {
  readonly kind: 'lif'
  readonly name: string
  readonly size: number
  readonly tauMem: Float64Array
  readonly tauSynExc: Float64Array
  /** The same array as `tauSynExc` when the group has a single synaptic time constant. */
  readonly tauSynInh: Float64Array
  readonly bias: Float64Array
  readonly threshold: Float64Array
  readonly vReset: Float64Array
  readonly refractory: Float64Array
  readonly tauAdapt: Float64Array
  readonly adaptStep: Float64Array
}

export interface LiValues {
  readonly kind: 'li'
  readonly name: string
  readonly size: number
  readonly tauMem: Float64Array
  readonly tauSynExc: Float64Array
  readonly tauSynInh: Float64Array
  readonly bias: Float64Array
}

export interface SourceValues {
  readonly kind: 'source'
  readonly name: string
  readonly size: number
}

export type GroupValues = LifValues | LiValues | SourceValues

export type DelayShape = 'none' | 'scalar' | 'perSource' | 'perSynapse'

/** The numbers of one projection. Synapse s joins source unit `sources[s]` to target unit `targets[s]`. */
export interface ProjectionValues {
  readonly key: string
  readonly source: string
  readonly target: string
  readonly sourceSize: number
  readonly targetSize: number
  /** 'dense': synapse index = target * sourceSize + source. 'synapses': list order. */
  readonly layout: 'dense' | 'synapses'
  readonly sources: Uint32Array
  readonly targets: Uint32Array
  /** 1 where a dense pair has no synapse; null when every synapse exists. */
  readonly absent: Uint8Array | null
  /** One per synapse index; 0 where absent. */
  readonly weights: Float64Array
  readonly delayShape: DelayShape
  /** Length 0 (none), 1 (scalar), sourceSize (perSource) or the number of synapse indices (perSynapse). In ms. */
  readonly delays: Float64Array
}

/** A network with every number drawn: groups and projections in description order. */
export interface NetworkInstance {
  readonly groups: readonly GroupValues[]
  readonly projections: readonly ProjectionValues[]
}
