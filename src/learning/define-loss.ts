import type { SpikeTrains } from '../events/spike-trains.js'
import { withoutUndefined } from '../network/reading/without-undefined.js'
import type {
  FirstSpikeLoss,
  LiIntegralLoss,
  LinearLoss,
  SpikeCountLoss,
  SpikeTimesLoss,
  VanRossumLoss,
  VMaxLoss,
} from './loss.js'

/** What is left out of a loss file; times in ms. */
export const LOSS_DEFAULTS = Object.freeze({
  firstSpike: Object.freeze({ tau0: 0.5, alpha: 0.003, tau1: 6.4 }),
  spikeCount: Object.freeze({ tau: 20 }),
  liIntegral: Object.freeze({ tau: Number.POSITIVE_INFINITY, scale: 1 }),
  vanRossum: Object.freeze({ tau: 10 }),
  spikeTimes: Object.freeze({ tau: 10 }),
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

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt over an LI readout; tau in ms, without it the plain
 * integral. See `LiIntegralLoss`.
 */
export function liIntegral(
  group: string,
  options: Partial<Omit<LiIntegralLoss, 'kind' | 'group'>> = {},
): LiIntegralLoss {
  return Object.freeze({ kind: 'liIntegral', group, ...LOSS_DEFAULTS.liIntegral, ...withoutUndefined(options) })
}

/** Target trains, one per label, with the time in ms within which a spike counts as near its target. */
export interface TargetOptions {
  readonly targets: SpikeTrains
  readonly tau?: number
}

/**
 * The distance of van Rossum to the target trains of the label. See `VanRossumLoss`.
 *
 * @example
 * // Label 0 asks for a spike of unit 0 at 10 ms, label 1 for one of unit 1 at 12 ms.
 * const targets = { offsets: Uint32Array.of(0, 1, 2), times: Float64Array.of(10, 12), units: Uint32Array.of(0, 1) }
 * const loss = vanRossum('output', { targets, tau: 5 })
 */
export function vanRossum(group: string, options: TargetOptions): VanRossumLoss {
  return Object.freeze({ kind: 'vanRossum', group, ...LOSS_DEFAULTS.vanRossum, ...withoutUndefined(options) })
}

/** 1/2 sum ((t_k - s_k)/tau)^2 over the target spikes of the label. See `SpikeTimesLoss`. */
export function spikeTimes(group: string, options: TargetOptions): SpikeTimesLoss {
  return Object.freeze({ kind: 'spikeTimes', group, ...LOSS_DEFAULTS.spikeTimes, ...withoutUndefined(options) })
}
