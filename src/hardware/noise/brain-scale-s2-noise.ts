import type { DeviceNoise } from '../../learning/noise/device-noise.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { integerFrom, readNonNegative, readPositive } from '../../network/reading/read-number.js'
import { figureValue } from '../profile/figure.js'
import { chipProfile } from '../profile/packaged-profiles.js'

export interface BrainScaleS2NoiseOptions {
  /** Of the device; default 0. */
  readonly seed?: number
  /** Synaptic time constant of the network in ms, in which the published figures are given. */
  readonly tauSyn: number
  /** Std of the thresholds as a share of each; published from 0.04 to 0.08, default 0.08. */
  readonly thresholdMismatch?: number
}

const READERS: Readers<BrainScaleS2NoiseOptions> = {
  seed: integerFrom(0),
  tauSyn: readPositive,
  thresholdMismatch: readNonNegative,
}

/**
 * The noise of BrainScaleS-2 as DelGrad's network model of it has it, with times in units of tauSyn = 1, tauMem = 2,
 * threshold 1; the figures are those of the profile `brainscales2`:
 *
 * - threshold mismatch: std 0.04 to 0.08 of the threshold, fixed for each neuron (published);
 * - jitter of the delays: std 0.01 tauSyn for each spike (published), here of every spike that leaves a group.
 *
 * Nothing of its 6-bit weights: DelGrad's model has none. Add `weightBits: 7` for 6 bits and a sign.
 * Raises `InputError` OPTION_OUT_OF_RANGE, NUMBER_NOT_FINITE, FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN.
 *
 * Source: Göltz et al. 2025, "DelGrad: exact event-based gradients for training delays and weights on spiking
 * neuromorphic hardware", Nat. Commun., arXiv 2404.19165.
 *
 * @example brainScaleS2Noise({ seed: 1, tauSyn: 5 }).jitter   // 0.05 ms
 */
export function brainScaleS2Noise(options: BrainScaleS2NoiseOptions): DeviceNoise {
  const { noise } = chipProfile('brainscales2')
  const known = (name: 'jitter' | 'thresholdMismatch') => figureValue(noise[name]) ?? 0
  const { seed = 0, tauSyn, thresholdMismatch } = readRequired(options, READERS, ['tauSyn'])
  return { seed, jitter: known('jitter') * tauSyn, thresholdMismatch: thresholdMismatch ?? known('thresholdMismatch') }
}
