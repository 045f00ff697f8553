import type { Network } from '../../network/description/network.js'
import type { Readers } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import type { NoiseOptions } from './device-noise.js'
import { readDropout } from './read-dropout.js'
import { readCount, readDeviceNoise } from './read-noise.js'
import type { RunNoise } from './run-noise.js'

/** As people give it: a field may be there without a value. */
type GivenNoise = { readonly [Name in keyof NoiseOptions]?: NoiseOptions[Name] | undefined }

/** Readers of the options of a run, which `readRunNoise` checks. */
export const NOISE_READERS: Readers<NoiseOptions> = {
  noise: asGiven,
  dropout: asGiven,
  draw: asGiven,
  firstTrial: asGiven,
}

/**
 * The noise of a run as plain data, checked against the network; null where there is none.
 *
 * Raises `InputError` as `readDeviceNoise` and `readDropout` do, NOISE_OPTION for `draw` and `firstTrial`.
 *
 * @param prefix stands before the names of fields
 */
export function readRunNoise(
  network: Network,
  { noise, dropout, draw = 0, firstTrial = 0 }: GivenNoise,
  prefix = '',
): RunNoise | null {
  const counts = requireCounts({ draw, firstTrial }, prefix)
  // Operators draw, too.
  const isDrawn = network.projections.some(({ through }) => through !== undefined) && draw + firstTrial > 0
  if (noise === undefined && dropout === undefined && !isDrawn) return null
  return {
    device: noise === undefined ? null : readDeviceNoise(network, noise, `${prefix}noise`),
    dropout: dropout === undefined ? null : readDropout(network, dropout, `${prefix}dropout`),
    ...counts,
  }
}

type Counts = Pick<RunNoise, 'draw' | 'firstTrial'>

/** Raises `InputError` NOISE_OPTION unless both are integers from 0. */
export function requireCounts({ draw, firstTrial }: Counts, prefix = ''): Counts {
  return {
    draw: readCount(draw, `${prefix}draw`),
    firstTrial: readCount(firstTrial, `${prefix}firstTrial`),
  }
}
