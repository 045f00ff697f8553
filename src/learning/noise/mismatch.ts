import { createRandomStream } from '../../numerics/random-stream.js'
import type { DeviceNoise, Mismatch } from './device-noise.js'
import type { RunNoise } from './run-noise.js'

/** What has a mismatch on a device. */
export interface MismatchKinds {
  readonly weights: boolean
  readonly delays: boolean
  readonly thresholds: boolean
}

export function mismatchKinds({ weightMismatch, delayMismatch, thresholdMismatch }: DeviceNoise): MismatchKinds {
  const isThere = (mismatch: Mismatch | undefined) => mismatch !== undefined
  return { weights: isThere(weightMismatch), delays: isThere(delayMismatch), thresholds: isThere(thresholdMismatch) }
}

/** The name of a device, part of its streams' names: one device, or another with every draw. */
export function deviceName({ mismatch }: DeviceNoise, draw: RunNoise['draw']): string {
  return mismatch === 'redrawn' ? String(draw) : 'fixed'
}

/** Where the variates of a device come from. */
export interface MismatchSource {
  readonly seed: number
  /** Of the device, see `deviceName`. */
  readonly name: string
}

/**
 * Standard normal variates of some numbers of a network: of number k that with the index indexOf(k) among all of its
 * stream.
 */
export function fillMismatch(
  draws: Float64Array,
  { seed, name }: MismatchSource,
  stream: string,
  indexOf: (k: number) => number,
): void {
  const random = createRandomStream(seed, `noise/mismatch/${name}/${stream}`)
  for (let k = 0; k < draws.length; k++) draws[k] = random.normal(indexOf(k))
}

/**
 * Of each synapse of a projection: (its number among those of its target) · (neurons of the whole group) + target.
 *
 * @param targets among the neurons held, the units start … of `total`
 */
export function synapsePlaces(
  targets: ArrayLike<number>,
  { size, start, total }: { readonly size: number; readonly start: number; readonly total: number },
): Float64Array {
  const places = new Float64Array(targets.length)
  const seen = new Float64Array(size)
  for (let s = 0; s < targets.length; s++) {
    const target = targets[s] as number
    const ordinal = seen[target] as number
    seen[target] = ordinal + 1
    places[s] = ordinal * total + start + target
  }
  return places
}
