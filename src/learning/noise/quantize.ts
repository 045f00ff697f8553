import { POWER_ZERO, POWERS_OF_TWO } from '../../numerics/powers-of-two.js'
import { ticksFor, ticksWithin } from '../../numerics/step-of.js'
import type { DeviceNoise } from './device-noise.js'

/** The multiple of `step` that is nearest to a value, ties away from 0. */
export function nearestMultiple(value: number, step: number): number {
  const multiple = step * Math.floor(Math.abs(value) / step + 0.5)
  return value < 0 ? -multiple : multiple
}

/** Signed numbers of a device: -range, …, -step, 0, step, …, range. */
export interface SignedLevels {
  /** The smallest number above 0. */
  readonly step: number
  /** The largest magnitude. */
  readonly range: number
}

/** Of `count` different numbers; where that is even, one is left over, for they are symmetric about 0. */
export function signedLevels(count: number, range: number): SignedLevels {
  return { step: range / Math.floor((count - 1) / 2), range }
}

/** How many different weights a device has, the sum of both signs and 0; null: any. */
export function weightCount({ weightLevels, weightBits }: Pick<DeviceNoise, 'weightLevels' | 'weightBits'>) {
  return weightLevels ?? countOf(weightBits)
}

/** How many different thresholds a device has; null: any. */
export function thresholdCount({ thresholdBits }: Pick<DeviceNoise, 'thresholdBits'>): number | null {
  return countOf(thresholdBits)
}

function countOf(bits: number | undefined): number | null {
  return bits === undefined ? null : (POWERS_OF_TWO[POWER_ZERO + bits] as number)
}

/** The nearest number of the device. */
export function quantizeSigned(value: number, { step, range }: SignedLevels): number {
  // A projection whose weights are all 0 has nothing to divide.
  if (range === 0) return 0
  return nearestMultiple(Math.min(range, Math.max(-range, value)), step)
}

/** The delays of a device, in ms; `step` null: any from the shortest to the longest. */
export interface DelayLevels {
  readonly step: number | null
  readonly min: number
  readonly max: number
}

/** What a device does to delays; nothing, if nothing is said. */
export function delayLevels({
  delayStep = undefined,
  delayMin = 0,
  delayMax = Number.POSITIVE_INFINITY,
}: Pick<DeviceNoise, 'delayStep' | 'delayMin' | 'delayMax'>): DelayLevels {
  if (delayStep === undefined) return { step: null, min: delayMin, max: delayMax }
  const longest = delayMax === Number.POSITIVE_INFINITY ? delayMax : delayStep * ticksWithin(delayMax, delayStep)
  return { step: delayStep, min: delayStep * ticksFor(delayMin, delayStep), max: longest }
}

/** The nearest delay of the device. */
export function quantizeDelay(delay: number, { step, min, max }: DelayLevels): number {
  return Math.min(max, Math.max(min, step === null ? delay : nearestMultiple(delay, step)))
}
