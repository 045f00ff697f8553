/** Offsets of the per-neuron parameters a LIF group reads. */
export interface LifParameters {
  readonly bias: number
  readonly threshold: number
  readonly adaptStep: number
  readonly vReset: number
  readonly refractory: number
}

/** Which neurons of a group these are, for messages and the spikes they emit. */
export interface GroupPart {
  readonly name: string
  /** Number of the first neuron in the whole group. */
  readonly start: number
  /** Neurons of the whole group. */
  readonly total: number
}
