import { withoutUndefined } from '../network/reading/without-undefined.js'
import type { FirstSpikeLoss, LinearLoss, SpikeCountLoss, VMaxLoss } from './loss.js'

/** What is left out of a loss file; times in ms. */
export const LOSS_DEFAULTS = Object.freeze({
  firstSpike: Object.freeze({ tau0: 0.5, alpha: 0.003, tau1: 6.4 }),
  spikeCount: Object.freeze({ tau: 20 }),
})

/** -ln softmax(-t_first / tau0)[label] + alpha (exp(t_label / tau1) - 1); times in ms. See `FirstSpikeLoss`. */
export function firstSpike(
  group: string,
  options: Partial<Omit<FirstSpikeLoss, 'kind' | 'group'>> = {},
): FirstSpikeLoss {
  return Object.freeze({ kind: 'firstSpike', group, ...LOSS_DEFAULTS.firstSpike, ...withoutUndefined(options) })
}

/** -ln softmax(vMax)[label] over the voltage maxima of an LI readout. */
export function vMax(group: string): VMaxLoss {
  return Object.freeze({ kind: 'vMax', group })
}

/** -ln softmax of the fading counts, the sums of e^{-t/tau} over a unit's spikes; tau in ms. */
export function spikeCount(group: string, options: { readonly tau?: number } = {}): SpikeCountLoss {
  return Object.freeze({ kind: 'spikeCount', group, ...LOSS_DEFAULTS.spikeCount, ...withoutUndefined(options) })
}

/** sum of c_k t_k over all spikes of the group in event order. */
export function linear(group: string, coefficients: readonly number[]): LinearLoss {
  return Object.freeze({ kind: 'linear', group, coefficients: Object.freeze([...coefficients]) })
}
