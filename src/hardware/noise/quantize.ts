import { POWER_ZERO, POWERS_OF_TWO } from '../../numerics/powers-of-two.js'

/** The multiple of `step` that is nearest to a value, ties away from 0. */
export function nearestMultiple(value: number, step: number): number {
  const multiple = step * Math.floor(Math.abs(value) / step + 0.5)
  return value < 0 ? -multiple : multiple
}

/** Signed weights of so many bits. */
export interface WeightLevels {
  /** The smallest weight above 0: range / (2^(bits - 1) - 1). */
  readonly step: number
  /** The largest magnitude. */
  readonly range: number
}

/** @param bits from 2, the sign among them */
export function weightLevels(bits: number, range: number): WeightLevels {
  return { step: range / ((POWERS_OF_TWO[POWER_ZERO + bits - 1] as number) - 1), range }
}

/** The nearest weight of the device. */
export function quantizeWeight(weight: number, { step, range }: WeightLevels): number {
  // A projection whose weights are all 0 has nothing to divide.
  if (range === 0) return 0
  return nearestMultiple(Math.min(range, Math.max(-range, weight)), step)
}

/** The delays of a device, in ms; `step` null: any. */
export interface DelayLevels {
  readonly step: number | null
  readonly max: number
}

/** The nearest delay of the device: 0, step, 2 step, … up to the longest that is not above `max`. */
export function quantizeDelay(delay: number, { step, max }: DelayLevels): number {
  if (step === null) return Math.min(delay, max)
  const nearest = nearestMultiple(delay, step)
  return nearest <= max ? nearest : step * Math.floor(max / step)
}
