/** A spike on its way to the synapses of a unit. */
export interface SpikeArrival {
  readonly projection: number
  readonly unit: number
  /** When it came, in ms, and when it arrives; the same where synapses have their own delays. */
  readonly sent: number
  readonly time: number
  /** Its number among the spikes received. Default 0. */
  readonly slot?: number
}

export interface WindowRun {
  readonly trials: number
  readonly until: number
  readonly stopAfterFirst: boolean
  /** See `KernelOptions`. */
  readonly segmented?: boolean
  /** See `KernelOptions`. */
  readonly spikeLimit?: number | undefined
  /** A backward pass will follow. Default false. */
  readonly gradients?: boolean
  /** The maxima of silent neurons' voltages are wanted. Default false. */
  readonly trackSilent?: boolean
  readonly beat: () => void
}
