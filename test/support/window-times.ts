import { deriveConstants } from '../../src/dynamics/equations/derive-constants.js'
import { areNearlyEqual, binLength, shareOf, type WindowTaus } from '../../src/dynamics/kernels/window/bins/bin-grid.js'
import { unscaledBin } from '../../src/dynamics/kernels/window/window-groups.js'
import type { LifValues } from '../../src/network/instance/instance.js'
import {
  type AttainableTime,
  boundsOfTimes,
  type Input,
  inputsOf,
  type RoundedCourse,
  type TimeBounds,
} from './attainable-times.js'
import type { DrawnKernelCase } from './kernel-case.js'

const ROUNDING = 2 ** -53

/**
 * How far V may be off at the end of some inputs on the window kernel, with U = V + c I, c = tauSyn / (tauMem - tauSyn):
 *
 *     2^-53 (2 tauMem / bin · max(|U| + |c I|) + 2.6 |c| W (8 + N))
 *
 * A step over a bin rounds U and c I by one part in 2^52 each, which is forgotten with tauMem. W sums up the magnitudes of
 * weights and N counts arrivals, those before an instant by e^{-(their age) / tauMem}. What an arrival adds to the two sums
 * of its bin, each at most 1.3 |c| w, is off by up to 8 parts in 2^53, and adding it by one part of a sum of at most W.
 * Where time constants are nearly equal the voltage itself stands for U, and no more than the current for c I.
 */
export function windowVoltageError(values: LifValues, n = 0): (course: RoundedCourse) => number {
  const { tauMem, tauSynExc } = values
  if (!isScaled(values)) return unscaledVoltageError(values, n)
  const taus = { tauMem: tauMem[0]!, tauSyn: tauSynExc[0]! }
  const [share, bin] = [summedShare(taus), binLength(taus)]
  return ({ swing, arrivals, weights }) => {
    return ROUNDING * (2 * (tauMem[0]! / bin) * swing + 2.6 * share * weights * (8 + arrivals))
  }
}

/** One tauMem, tauSyn and tauAdapt for all. */
function isScaled({ tauShapes }: LifValues): boolean {
  return tauShapes!.every(({ field, isCommon }) => isCommon && field !== 'tauSynInh')
}

/**
 * The same where the state is not scaled:
 *
 *     2^-53 (2 (tauMem + tauSyn) / bin max |U| + 2 kappa(Dpeak) W (8 + N))
 *
 * with the slower tauSyn, and in |U| the magnitudes of all that drives it. An arrival drives U by kappa(Dpeak) w at most.
 */
function unscaledVoltageError(values: LifValues, n: number): (course: RoundedCourse) => number {
  const isOwn = values.tauShapes!.some(({ field, isCommon }) => !isCommon && field !== 'tauAdapt')
  const bin = unscaledBin(values, { leastTau: isOwn ? 2 : Number.POSITIVE_INFINITY })
  const tauMem = values.tauMem[n]!
  const slowest = Math.max(values.tauSynExc[n]!, values.tauSynInh[n]!)
  const peak = deriveConstants(tauMem, slowest, slowest, tauMem).peakKappa
  const forgotten = (tauMem + slowest) / bin
  return ({ height, arrivals, weights }) => {
    return ROUNDING * (2 * forgotten * height + 2 * peak * weights * (8 + arrivals))
  }
}

function summedShare(taus: WindowTaus): number {
  return areNearlyEqual(taus) ? 1 : Math.abs(shareOf(taus))
}

/** Of one neuron. */
export interface WindowSpikes {
  readonly inputs: readonly Input[]
  readonly times: readonly number[]
  /** Magnitude of further weights that are summed up over the bin of a spike. Default: 0. */
  readonly beside?: number
}

/** How far spikes of the n-th neuron on the window kernel may be from those on the reference kernel. */
export function windowTimes(
  values: LifValues,
  n: number,
  { inputs, times, beside = 0 }: WindowSpikes,
): readonly AttainableTime[] {
  const error = windowVoltageError(values, n)
  const roundOff = (course: RoundedCourse) => error({ ...course, weights: course.weights + beside })
  const shared = isScaled(values)
    ? { share: summedShare({ tauMem: values.tauMem[0]!, tauSyn: values.tauSynExc[0]! }) }
    : {}
  return boundsOfTimes(values, n, { inputs, times, ...shared, roundOff })
}

/** The same of a drawn case, whose group x runs on the window kernel. */
export function windowBounds({ instance, trains }: DrawnKernelCase, trial: number): TimeBounds {
  const inputs = inputsOf(instance, trains, trial)
  const values = instance.groups.find(({ name }) => name === 'x') as LifValues
  return (n, times) => windowTimes(values, n, { inputs: inputs[n]!, times })
}
