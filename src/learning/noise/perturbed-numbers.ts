import { entryOf } from '../../events/by-name.js'
import type { Quantity } from '../../network/description/network.js'
import { type Sign, weightsOfSign } from '../../network/description/sign.js'
import { MINIMAL_CYCLE_DELAY } from '../../network/graph/lookahead.js'
import { leastThreshold } from '../array-bounds.js'
import { describedRange } from './described-range.js'
import type { DeviceNoise, Mismatch, PerName } from './device-noise.js'
import type { Dropout } from './dropout.js'
import { delayLevels, quantizeDelay, quantizeSigned, signedLevels, thresholdCount, weightCount } from './quantize.js'
import type { RunNoise } from './run-noise.js'
import { rangeFor } from './with-ranges.js'

/**
 * What a device computes with in a run instead of some numbers p of a network: p' = Q(p) (1 + relative n) + absolute n,
 * n one standard normal variate per number, with 1 + relative n at least 0.
 */
export interface PerturbedNumbers {
  /** p at first, p' in the end. */
  readonly values: Float64Array
  /** dp'/dp, with rounding passed straight through; 1 at first. */
  readonly factors: Float64Array
  readonly draws: Float64Array
}

/** What the numbers are called, and how the network describes them. */
export interface DescribedNumbers {
  readonly name: string
  readonly described: Quantity
}

/** Whether the noise of a run moves parameters of a network. */
export function movesParameters({ device, dropout }: RunNoise, sources: readonly string[]): boolean {
  return (
    sources.some((source) => dropoutScale(dropout, source) !== 1) ||
    (device !== null && FIELDS.some((field) => device[field] !== undefined))
  )
}

const FIELDS = [
  'weightMismatch',
  'thresholdMismatch',
  'delayMismatch',
  'weightBits',
  'weightLevels',
  'delayStep',
  'delayMin',
  'delayMax',
  'thresholdBits',
] as const

/** What weights out of a group are multiplied with while spikes are left out: 1 / (1 - p) with inverted dropout. */
function dropoutScale(dropout: Dropout | null, source: string): number {
  return dropout?.scale === 'inverted' ? 1 / (1 - (entryOf(dropout.rates, source) ?? 0)) : 1
}

/** Perturbs weights and delays of a projection out of a group. */
export function perturbProjection(
  { weights, delays }: { readonly weights: PerturbedNumbers; readonly delays: PerturbedNumbers },
  { device, dropout }: Pick<RunNoise, 'device' | 'dropout'>,
  source: string,
  described: DescribedNumbers,
): void {
  const noise = device ?? { seed: 0 }
  perturbWeights(weights, noise, described, dropoutScale(dropout, source))
  perturbDelays(delays, noise)
}

/** @param scale of all weights out of a group, see `dropoutScale` */
function perturbWeights(
  numbers: PerturbedNumbers,
  noise: DeviceNoise,
  described: DescribedNumbers,
  scale: number,
): void {
  roundSigned(numbers, weightCount(noise), noise.weightRange, described)
  addMismatch(numbers, noise.weightMismatch)
  if (scale === 1) return
  const { values, factors } = numbers
  for (let k = 0; k < values.length; k++) {
    values[k] = (values[k] as number) * scale
    factors[k] = (factors[k] as number) * scale
  }
}

function perturbDelays(numbers: PerturbedNumbers, noise: DeviceNoise): void {
  const levels = delayLevels(noise)
  const { values } = numbers
  for (let k = 0; k < values.length; k++) values[k] = quantizeDelay(values[k] as number, levels)
  addMismatch(numbers, noise.delayMismatch)
}

export function perturbThresholds(numbers: PerturbedNumbers, noise: DeviceNoise, described: DescribedNumbers): void {
  roundSigned(numbers, thresholdCount(noise), noise.thresholdRange, described)
  addMismatch(numbers, noise.thresholdMismatch)
}

/**
 * Keeps weights within the sign of their projection, and delays at 0 or more, on cycles at 0.1 ms or at what they are if that is
 * less. Limits are passed straight through by gradients.
 */
export function keepProjectionLimits(
  { weights, delays }: { readonly weights: LimitedNumbers; readonly delays: LimitedNumbers },
  exactDelays: Float64Array,
  { sign, isCyclic }: { readonly sign: Sign | undefined; readonly isCyclic: boolean },
): void {
  const [least, most] = weightsOfSign(sign)
  for (let k = 0; k < weights.values.length; k++) keepWithin(weights, k, least, most)
  const shortest = isCyclic ? MINIMAL_CYCLE_DELAY : 0
  exactDelays.forEach((delay, k) => {
    keepWithin(delays, k, Math.min(shortest, delay), Number.POSITIVE_INFINITY)
  })
}

/** Keeps thresholds above vReset. */
export function keepThresholdLimits(thresholds: LimitedNumbers, vReset: Float64Array): void {
  vReset.forEach((reset, n) => {
    keepWithin(thresholds, n, leastThreshold(reset), Number.POSITIVE_INFINITY)
  })
}

/** Numbers of a device, and dp'/dp; null where all are 1. */
interface LimitedNumbers {
  readonly values: Float64Array
  readonly factors: Float64Array | null
}

/**
 * Keeps number k of a device within the limits of the network: what a limit moves counts as moving along with the exact
 * number.
 */
function keepWithin({ values, factors }: LimitedNumbers, k: number, least: number, most: number): void {
  const value = values[k] as number
  if (value >= least && value <= most) return
  values[k] = value < least ? least : most
  if (factors !== null) factors[k] = 1
}

/** @param count of different numbers; null: any */
function roundSigned(
  { values }: PerturbedNumbers,
  count: number | null,
  ranges: PerName | undefined,
  { name, described }: DescribedNumbers,
): void {
  if (count === null) return
  const levels = signedLevels(count, rangeFor(ranges, name) ?? describedRange(described))
  for (let k = 0; k < values.length; k++) values[k] = quantizeSigned(values[k] as number, levels)
}

function addMismatch({ values, factors, draws }: PerturbedNumbers, mismatch: Mismatch = 0): void {
  const { relative = 0, absolute = 0 } = typeof mismatch === 'number' ? { relative: mismatch } : mismatch
  if (relative === 0 && absolute === 0) return
  for (let k = 0; k < values.length; k++) {
    const draw = draws[k] as number
    const factor = Math.max(0, 1 + relative * draw)
    values[k] = (values[k] as number) * factor + absolute * draw
    factors[k] = (factors[k] as number) * factor
  }
}
