import type { SpikeTrains } from '../events/spike-trains.js'

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

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt, V the voltage of each LI readout over the trial. tau in
 * ms, Infinity for the plain integral, which needs trials that end; scale in 1/ms.
 *
 * Source: Nowotny, Turner & Knight 2022 (arXiv 2212.01232), where tau = T and scale = 1.
 */
export interface LiIntegralLoss {
  readonly kind: 'liIntegral'
  readonly group: string
  readonly tau: number
  readonly scale: number
}

/** Spike trains that a group shall emit, one "trial" per label. */
export interface TargetLoss {
  readonly group: string
  /** In ms. */
  readonly tau: number
  /** The entry of a label holds its target spikes, ordered by time. */
  readonly targets: SpikeTrains
}

/**
 * The distance of van Rossum: 1/tau ∫_0^∞ sum_i (f_i - g_i)^2 dt, f_i = sum_k e^{-(t - t_k)/tau} over the spikes before t
 * of unit i, g_i over its targets. A spike without a target costs 1/2.
 *
 * Source: van Rossum 2001 (Neural Computation 13:751).
 */
export interface VanRossumLoss extends TargetLoss {
  readonly kind: 'vanRossum'
}

/**
 * 1/2 sum ((t_k - s_k)/tau)^2, the k-th spike of a unit against its k-th target; a target without a spike costs 1/2, and
 * spikes beyond the targets are free.
 */
export interface SpikeTimesLoss extends TargetLoss {
  readonly kind: 'spikeTimes'
}

/** Losses on the spikes of an lif group. */
export type SpikeLoss = LinearLoss | FirstSpikeLoss | SpikeCountLoss | VanRossumLoss | SpikeTimesLoss

/** Losses on one number per readout, of an li group. */
export type ReadoutLoss = VMaxLoss | LiIntegralLoss

/** A loss without its labels: those belong to the trials. */
export type Loss = SpikeLoss | ReadoutLoss
