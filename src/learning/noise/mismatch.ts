import type { HeldUnits, ProjectionValues } from '../../network/instance/instance.js'
import { createRandomStream } from '../../numerics/random-stream.js'
import type { DeviceNoise, Mismatch } from './device-noise.js'
import type { RunNoise } from './run-noise.js'

/** What has a mismatch on a device. */
export interface MismatchKinds {
  readonly weights: boolean
  readonly delays: boolean
  readonly thresholds: boolean
}

function mismatchKinds({ weightMismatch, delayMismatch, thresholdMismatch }: DeviceNoise): MismatchKinds {
  const isThere = (mismatch: Mismatch | undefined) => mismatch !== undefined
  return { weights: isThere(weightMismatch), delays: isThere(delayMismatch), thresholds: isThere(thresholdMismatch) }
}

/** The name of a device, part of its streams' names: one device, or another with every draw. */
function deviceName({ mismatch }: DeviceNoise, draw: RunNoise['draw']): string {
  return mismatch === 'redrawn' ? String(draw) : 'fixed'
}

/** Where the variates of a device come from. */
export interface MismatchSource {
  readonly seed: number
  /** Of the device, see `deviceName`. */
  readonly name: string
}

/** Gives the variates of the device of a run, drawn once and kept until another device is met. */
export function createDeviceDraws<Draws>(
  draw: (source: MismatchSource, kinds: MismatchKinds) => Draws,
): (device: DeviceNoise, draw: RunNoise['draw']) => Draws {
  let drawn: { readonly of: string; readonly draws: Draws } | null = null
  return (device, realisation) => {
    const source = { seed: device.seed, name: deviceName(device, realisation) }
    const kinds = mismatchKinds(device)
    const of = JSON.stringify([source, kinds])
    if (drawn?.of !== of) drawn = { of, draws: draw(source, kinds) }
    return drawn.draws
  }
}

/** Units of a group whose parameters are drawn for: start … of `total`. */
type DrawnUnits = Pick<HeldUnits, 'size' | 'start' | 'total'>

/** Draws for the synapses of a projection into some units, where its weights or delays have a mismatch. */
export function fillProjection(
  draws: { readonly weights: Float64Array; readonly delays: Float64Array },
  { key, delayShape, targets }: Pick<ProjectionValues, 'key' | 'delayShape'> & { readonly targets: ArrayLike<number> },
  units: DrawnUnits,
  source: MismatchSource,
  kinds: MismatchKinds,
): void {
  const isOwn = delayShape === 'perSynapse'
  const places = kinds.weights || (kinds.delays && isOwn) ? synapsePlaces(targets, units) : new Float64Array(0)
  const place = (k: number) => places[k] as number
  if (kinds.weights) fillMismatch(draws.weights, source, `${key}/weights`, place)
  if (kinds.delays) fillMismatch(draws.delays, source, `${key}/delays`, isOwn ? place : (k) => k)
}

/** Draws for the thresholds of some units, where they have a mismatch. */
export function fillThresholds(
  draws: Float64Array,
  { name, start }: Pick<HeldUnits, 'name' | 'start'>,
  source: MismatchSource,
  kinds: MismatchKinds,
): void {
  if (kinds.thresholds) fillMismatch(draws, source, `${name}/threshold`, (n) => start + n)
}

/** Standard normal variates: of number k that with the index indexOf(k) in a stream. */
function fillMismatch(
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
 * @param targets among the neurons held
 */
function synapsePlaces(targets: ArrayLike<number>, { size, start, total }: DrawnUnits): Float64Array {
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
