/** A spike on its way to the synapses of a unit. */
export interface SpikeArrival {
  readonly projection: number
  readonly unit: number
  /** When it came, in ms, and when it arrives; the same where synapses have their own delays. */
  readonly sent: number
  readonly time: number
}

export interface WindowRun {
  readonly trials: number
  readonly until: number
  readonly stopAfterFirst: boolean
  /** See `KernelOptions`. */
  readonly segmented?: boolean
  readonly beat: () => void
}
