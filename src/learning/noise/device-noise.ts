import type { Dropout } from './dropout.js'

/** One number for everything, or one per name; what has no entry has 0. */
export type PerName = number | Readonly<Record<string, number>>

/** How far the numbers of a device are from those that were set, as standard deviations of normal variates. */
export type Mismatch =
  /** The same as `relative`. */
  | number
  | {
      /** p (1 + relative · n): a share of the number itself; 1 + relative · n is at least 0, so no sign is turned. */
      readonly relative?: number
      /** p + absolute · n, in the unit of the number. */
      readonly absolute?: number
    }

/**
 * What a device does to a network that runs on it: plain data. Everything is a pure function of the seed and of what it is
 * about, so it is the same on every placement. Everything is optional and absent by default.
 *
 * Spikes: a spike at t over a delay d arrives at t + d + eps, or is lost. Neurons reset, and recordings and the loss see
 * them, at the true t; on a device with ticks the loss sees those. dL/dt of the spike is dL/d(t + d + eps); a lost spike
 * has none through that way. Names of groups stand for the spikes that leave a group, with the same eps wherever they go;
 * keys of projections for what happens on the way; both add up. A number stands for every group.
 *
 * Parameters: each weight w, threshold theta and delay d is quantised, then off by a mismatch. Kernels compute with what
 * comes of that. Gradients are those of the perturbed network, with rounding and limits passed straight through
 * (dQ(p)/dp := 1), and learning moves the exact numbers behind.
 */
export interface DeviceNoise {
  /** Of the device: an integer from 0. */
  readonly seed: number
  /** Whether the mismatch is that of one device, the default, or redrawn with every draw, as of many devices. */
  readonly mismatch?: 'fixed' | 'redrawn'
  /** Standard deviation of eps in ms, per group or projection. */
  readonly jitter?: PerName
  /** Probability that a spike is lost, per group or projection. */
  readonly spikeLoss?: PerName
  /**
   * The device's steps of time in ms: a spike at t is one at tick · max(1, ceil((t + eps) / tick)), for those who hear it and
   * for what is read out. The slope of that is 1.
   */
  readonly tick?: number
  /** Standard deviation in ms of what is read out: how far the times that the loss sees are from those of the spikes. */
  readonly readoutJitter?: number
  readonly weightMismatch?: Mismatch
  readonly thresholdMismatch?: Mismatch
  readonly delayMismatch?: Mismatch
  /**
   * Weights are signed integers of this many bits, 2 to 32, times range / (2^(bits - 1) - 1): from -range to range, to the
   * nearest, ties away from 0.
   */
  readonly weightBits?: number
  /**
   * How many different weights there are, from 3; rules over weightBits. They are symmetric about 0, with the step
   * 2 range / (levels - 1), or range / (levels / 2 - 1) if the number is even: one is then left over.
   */
  readonly weightLevels?: number
  /**
   * Per projection; 0: all its weights are 0. Default: the largest magnitude that its description allows, 4 std from the mean
   * of normal variates. `train` takes that of the network before it learned; a network that was saved is described by what it
   * has learned: give the range to have the same weights again.
   */
  readonly weightRange?: PerName
  /** Delays are rounded to the nearest multiple of this number of ms. */
  readonly delayStep?: number
  /**
   * The shortest delay of the device in ms, to which shorter ones are raised, also where a projection has none; of multiples
   * of the step the next one.
   */
  readonly delayMin?: number
  /** The longest delay of the device in ms. */
  readonly delayMax?: number
  /** Thresholds are signed integers of this many bits, as weights are, times range / (2^(bits - 1) - 1). */
  readonly thresholdBits?: number
  /** Per lif group, as with weights. */
  readonly thresholdRange?: PerName
}

/** The noise of a device whose seed follows from something else, unless it is given. */
export type NoiseChoice = Omit<DeviceNoise, 'seed'> & Partial<Pick<DeviceNoise, 'seed'>>

/** A realisation of noise: runs with the same numbers meet the same chances. */
export interface NoiseOptions {
  readonly noise?: DeviceNoise
  /** Only while learning, and where gradients of that are checked. */
  readonly dropout?: Dropout
  /** Number of the realisation, an integer from 0; default 0. */
  readonly draw?: number
  /** Number of the first trial here among all trials of that realisation; default 0. */
  readonly firstTrial?: number
}
