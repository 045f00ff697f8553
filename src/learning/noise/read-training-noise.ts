import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { wordOf } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import type { StepOptions } from '../session.js'
import type { TrainOptions } from '../train-options.js'
import type { DeviceNoise, NoiseOptions } from './device-noise.js'
import { readDropout } from './read-dropout.js'
import { readDeviceNoise } from './read-noise.js'
import { withRanges } from './with-ranges.js'

const readNoiseIn = wordOf<NonNullable<TrainOptions['noiseIn']>>(['train', 'test', 'both'], 'NOISE_OPTION')

/** The noise of a training, by where it is. */
export interface TrainingNoise {
  readonly step: Pick<StepOptions, 'noise' | 'dropout'>
  /** Of measurements; null: none. */
  readonly test: DeviceNoise | null
}

/**
 * What the options of a training say of noise and dropout, checked against the network, with the ranges of its description.
 *
 * Raises `InputError` as `readDeviceNoise` and `readDropout` do, NOISE_OPTION for `noiseIn`, NOISE_CONFLICT if there is no
 * noise that could be in there.
 *
 * @param seed of the training
 */
export function readTrainingNoise(
  network: Network,
  { noise, noiseIn = 'both', dropout }: Pick<TrainOptions, 'noise' | 'noiseIn' | 'dropout'>,
  seed: number,
): TrainingNoise {
  readNoiseIn(noiseIn, 'noiseIn')
  if (noise === undefined && noiseIn !== 'both')
    throw new InputError({
      code: 'NOISE_CONFLICT',
      field: 'noiseIn',
      found: `"${noiseIn}" without noise`,
      expected: 'noise that it says the place of',
      remedy: 'Add noise, or leave noiseIn out.',
    })
  const device =
    noise === undefined ? null : withRanges(network, readDeviceNoise(network, { seed, ...withoutUndefined(noise) }))
  return {
    step: {
      ...(device === null || noiseIn === 'test' ? {} : { noise: device }),
      ...(dropout === undefined ? {} : { dropout: readDropout(network, { ...dropout, seed }) }),
    },
    test: noiseIn === 'train' ? null : device,
  }
}

/** What the splits of a task are measured under, as options of a measurement. */
export function testNoiseOf(
  network: Network,
  options: Pick<TrainOptions, 'noise' | 'noiseIn'>,
  seed: number,
): Pick<NoiseOptions, 'noise'> {
  const { noise, noiseIn } = options
  const { test } = readTrainingNoise(network, { ...(noise && { noise }), ...(noiseIn && { noiseIn }) }, seed)
  return test === null ? {} : { noise: test }
}
