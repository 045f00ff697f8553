import type { SpikeTrains } from '../events/spike-trains.js'
import { expectRecord } from '../network/reading/expect.js'
import { asGiven, type Readers, readNumbers } from '../network/reading/read-fields.js'
import { readOptions } from '../network/reading/read-options.js'
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

/** Times in ms. */
export type FirstSpikeOptions = Partial<Omit<FirstSpikeLoss, 'kind' | 'group'>>
/** In ms. */
export type SpikeCountOptions = Partial<Omit<SpikeCountLoss, 'kind' | 'group'>>
/** tau in ms, scale in 1/ms. */
export type LiIntegralOptions = Partial<Omit<LiIntegralLoss, 'kind' | 'group'>>

// Values are checked where a session is handed the loss.
const FIRST_SPIKE: Readers<FirstSpikeOptions> = { tau0: asGiven, alpha: asGiven, tau1: asGiven }
const SPIKE_COUNT: Readers<SpikeCountOptions> = { tau: asGiven }
const LI_INTEGRAL: Readers<LiIntegralOptions> = { tau: asGiven, scale: asGiven }
const TARGETS: Readers<TargetOptions> = { targets: asGiven, tau: asGiven }

/** -ln softmax(-t_first / tau0)[label] + alpha (exp(t_label / tau1) - 1); times in ms. See `FirstSpikeLoss`. */
export function firstSpike(group: string, options: FirstSpikeOptions = {}): FirstSpikeLoss {
  return Object.freeze({ kind: 'firstSpike', group, ...LOSS_DEFAULTS.firstSpike, ...readOptions(options, FIRST_SPIKE) })
}

/** -ln softmax(vMax)[label] over the voltage maxima of an LI readout. */
export function vMax(group: string): VMaxLoss {
  return Object.freeze({ kind: 'vMax', group })
}

/** -ln softmax of the fading counts, the sums of e^{-t/tau} over a unit's spikes; tau in ms. */
export function spikeCount(group: string, options: SpikeCountOptions = {}): SpikeCountLoss {
  return Object.freeze({ kind: 'spikeCount', group, ...LOSS_DEFAULTS.spikeCount, ...readOptions(options, SPIKE_COUNT) })
}

/** sum of c_k t_k over all spikes of the group in event order. */
export function linear(group: string, coefficients: readonly number[]): LinearLoss {
  return Object.freeze({
    kind: 'linear',
    group,
    coefficients: Object.freeze(Array.from(readNumbers(coefficients, 'coefficients'))),
  })
}

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt over an LI readout; tau in ms, without it the plain
 * integral. See `LiIntegralLoss`.
 */
export function liIntegral(group: string, options: LiIntegralOptions = {}): LiIntegralLoss {
  return Object.freeze({ kind: 'liIntegral', group, ...LOSS_DEFAULTS.liIntegral, ...readOptions(options, LI_INTEGRAL) })
}

/** Target trains, one per label, with the time in ms within which a spike counts as near its target. */
export interface TargetOptions {
  readonly targets: SpikeTrains
  readonly tau?: number
}

function readTargets(options: TargetOptions): TargetOptions {
  return { ...readOptions(options, TARGETS), targets: expectRecord(options.targets, 'options.targets') as never }
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
  return Object.freeze({ kind: 'vanRossum', group, ...LOSS_DEFAULTS.vanRossum, ...readTargets(options) })
}

/** 1/2 sum ((t_k - s_k)/tau)^2 over the target spikes of the label. See `SpikeTimesLoss`. */
export function spikeTimes(group: string, options: TargetOptions): SpikeTimesLoss {
  return Object.freeze({ kind: 'spikeTimes', group, ...LOSS_DEFAULTS.spikeTimes, ...readTargets(options) })
}
