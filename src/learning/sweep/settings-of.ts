import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { createRandomStream } from '../../numerics/random-stream.js'
import { sobol } from '../../numerics/sobol.js'
import { gridSize, readSpace } from './read-sweep.js'
import type { Setting, SettingSpace, Variation } from './sweep.js'

/**
 * The settings of a space, for `sweep`: each has a value for every path.
 *
 * A grid has every combination of the values, the last path varying fastest. `random` draws every number by itself; `sobol`
 * takes the points of the Sobol sequence (Joe and Kuo 2008), shifted by random bits of each path: the first 2^k settings cover
 * the ranges evenly.
 *
 * Raises `InputError` that names the field: FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, OPTION_OUT_OF_RANGE, SWEEP_INVALID.
 *
 * @example
 * drawSettings({ vary: { rate: { logUniform: [1e-4, 1e-2] }, hidden: { integer: [30, 120] } }, sampler: 'sobol', runs: 16 })
 */
export function drawSettings(space: SettingSpace): readonly Readonly<Record<string, unknown>>[] {
  return settingsOf(readSpace(space, 'space')).map(({ values }) => values)
}

/**
 * All settings of a sweep, which follow from what its file says and from their indices alone: see `drawSettings`.
 */
export function settingsOf(sweep: SettingSpace): readonly Setting[] {
  const { vary, sampler, runs = 0 } = sweep
  const paths = Object.entries(vary)
  const count = sampler === 'grid' ? gridSize(vary) : runs
  const draw = sampler === 'grid' ? placeInGrid(vary) : drawnBy(sweep)
  return Array.from({ length: count }, (_, index) => ({
    index,
    values: Object.fromEntries(paths.map(([path, variation], k) => [path, valueAt(variation, draw(index, k))])),
  }))
}

/** A number in [0, 1) for every setting and path. */
type Draw = (index: number, path: number) => number

function placeInGrid(vary: SettingSpace['vary']): Draw {
  const counts = Object.values(vary).map((variation) => ('values' in variation ? variation.values.length : 1))
  const strides = counts.map((_, k) => counts.slice(k + 1).reduce((product, count) => product * count, 1))
  // The middle of a value's part of [0, 1): no rounding leads to its neighbour.
  return (index, k) =>
    ((Math.floor(index / (strides[k] as number)) % (counts[k] as number)) + 0.5) / (counts[k] as number)
}

function drawnBy({ vary, sampler, seed = 0 }: SettingSpace): Draw {
  const streams = Object.keys(vary).map((path) => createRandomStream(seed, `sweep ${path}`))
  if (sampler === 'random') return (index, k) => streams[k]?.uniform(index) ?? 0
  const shifts = streams.map((stream) => stream.integer(0, 2 ** 32))
  return (index, k) => sobol(index, k, shifts[k])
}

function valueAt(variation: Variation, share: number): unknown {
  if ('values' in variation) return variation.values[Math.floor(share * variation.values.length)]
  if ('integer' in variation) {
    const [low, high] = variation.integer
    return low + Math.floor(share * (high - low + 1))
  }
  if ('uniform' in variation) {
    const [low, high] = variation.uniform
    return within(low + share * (high - low), low, high)
  }
  const [low, high] = variation.logUniform
  return within(exp(log(low) + share * (log(high) - log(low))), low, high)
}

/** Rounding may lead out of a range. */
function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
