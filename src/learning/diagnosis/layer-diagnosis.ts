import type { ParameterKind } from '../session.js'

/** Maximum number of inactive units listed per group; the first ones are listed. */
export const MOST_LISTED = 20

/** How one group fared over an epoch: an LI readout has no spikes, others no voltages here, and null where these are asked for. */
export interface LayerDiagnosis {
  /** Share of (neuron, trial) pairs without a spike. */
  readonly silent: number | null
  /** Share of neurons without a spike in the whole epoch. */
  readonly silentNeurons: number | null
  /** Share of (neuron, trial) pairs with more spikes than `saturationLimit`. */
  readonly saturated: number | null
  /** Mean over (neuron, trial) pairs. */
  readonly spikes: number | null
  /** Spikes whose slope at the crossing was so small that their gradient is unreliable. */
  readonly grazing: number | null
  /** Their share of all spikes. */
  readonly grazingFraction: number | null
  /** Of an LI readout: the maximum of the voltage over a trial, as a mean over (unit, trial) pairs. */
  readonly maximum: number | null
  /** Of an LI readout: share of (unit, trial) pairs whose voltage never rose above where it began. */
  readonly unrisen: number | null
  /**
   * The units that did nothing in the whole epoch, the first 20 of them: neurons without a spike, or units of a readout whose
   * voltage never rose. Null if nothing is known of them.
   */
  readonly deadUnits: readonly number[] | null
  /**
   * Share of mini-batches in which the norm of the gradient in the group and the synapses into it was more than
   * `EXPLOSION` times its median over the epoch; null if nothing is learned there.
   */
  readonly exploding: number | null
  /** Mean of that norm over the mini-batches. */
  readonly gradientNorm: number | null
}

/**
 * This multiple of the median is an explosion. Gradients near grazing crossings are larger than that; ten times the median is
 * nothing unusual where a task is nearly solved, and most trials hardly say anything any more.
 */
export const EXPLOSION = 100

/** How an epoch went, by what a person would look at first. */
export interface EpochDiagnosis {
  /** Every lif and li group, by name. */
  readonly layers: Readonly<Record<string, LayerDiagnosis>>
  /** Mean norm of the mini-batches' mean gradients per learned kind, before clipping. */
  readonly gradientNorms: Readonly<Partial<Record<ParameterKind, number>>>
}
