/** sum of c_k t_k over all spikes of the group, in event order; one coefficient per spike. */
export interface LinearLoss {
  readonly kind: 'linear'
  readonly group: string
  readonly coefficients: readonly number[]
}

/** -ln softmax(-t_first / tau0)[label] + alpha (exp(t_label / tau1) - 1); silent units are left out. Times in ms. */
export interface FirstSpikeLoss {
  readonly kind: 'firstSpike'
  readonly group: string
  readonly tau0: number
  readonly alpha: number
  readonly tau1: number
}

/** -ln softmax(vMax)[label], vMax the maximum of each LI readout's voltage over the trial. */
export interface VMaxLoss {
  readonly kind: 'vMax'
  readonly group: string
}

/** -ln softmax of the fading counts sum_k e^{-t_k / tau}. tau in ms. */
export interface SpikeCountLoss {
  readonly kind: 'spikeCount'
  readonly group: string
  readonly tau: number
}

/** A loss without its labels: those belong to the trials. */
export type Loss = LinearLoss | FirstSpikeLoss | VMaxLoss | SpikeCountLoss
