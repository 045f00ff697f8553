import { InputError } from '../../events/errors.js'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import { withRanges } from '../../learning/noise/with-ranges.js'
import type { ParameterKind } from '../../learning/session.js'
import type { NoisePlace, TrainOptions } from '../../learning/train-options.js'
import { type ChipDevice, type ChipDeviceFlag, chipDevice, formatsRecord } from '../chip/flags/chip-device.js'
import type { PlacementFlag } from '../run-flags.js'
import type { PreparedTask } from '../tasks.js'
import type { TrainingNoiseFlags } from './noise-flags.js'
import { noiseOnChip } from './noise-on-chip.js'
import { choiceOf, readNoise } from './read-noise.js'

/**
 * A task with the noise and dropout of its preset, or what flags say instead, and with the formats of a chip.
 *
 * Raises `InputError` as `readNoiseOfFile` and `chipDevice` do, CHIP_DELAYS where delays are learned on a chip without, FLAG_CONFLICT
 * for flags that say where nothing is, or how.
 */
export async function withNoiseFlags(
  prepared: PreparedTask,
  flags: TrainingNoiseFlags & ChipDeviceFlag & PlacementFlag,
): Promise<PreparedTask> {
  const { task, training } = prepared
  const device = await chipDevice(flags, task.network)
  const asked = await noiseOf(prepared, flags, device)
  const noise = asked === null ? undefined : withRanges(task.network, asked)
  const noiseIn = flags.noiseIn ?? training.noiseIn
  if (flags.noiseIn !== undefined && noise === undefined) throw idle('--noise-in', '--noise')
  if (device !== null) requireTrainableOn(device, training.learn, noiseIn)
  const dropout = dropoutOf(training, flags)
  return {
    ...prepared,
    ...(device === null ? {} : { formats: formatsRecord(device, flags) }),
    training: {
      ...training,
      ...(noise === undefined ? {} : { noise }),
      ...(noiseIn === undefined ? {} : { noiseIn }),
      ...(dropout === undefined ? {} : { dropout }),
    },
  }
}

async function noiseOf(
  { task, training }: PreparedTask,
  { noise }: TrainingNoiseFlags,
  device: ChipDevice | null,
): Promise<NoiseChoice | null> {
  if (noise !== undefined || training.noise === undefined) return readNoise(noise, task.network, device)
  if (device === null) return training.noise
  return choiceOf(noiseOnChip({ ...training.noise }, device, 'the noise of the preset'), task.network, 'noise')
}

function requireTrainableOn(
  { profile, formats }: ChipDevice,
  learn: readonly ParameterKind[],
  noiseIn: NoisePlace = 'both',
): void {
  if (noiseIn !== 'both')
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--noise-in',
      found: `"${noiseIn}" beside --chip ${profile.name}`,
      expected: '"both": formats of a chip are there while learning and while measuring',
      remedy: 'Give --noise-in both.',
    })
  if (formats.noise.delayMax === 0 && learn.includes('delays'))
    throw new InputError({
      code: 'CHIP_DELAYS',
      field: '--chip',
      found: `${profile.name}, which has no delays (delayMaxTicks 0)`,
      expected: `a chip with delays, for ${learn.join(', ')} are to be learned`,
      remedy: 'Choose another chip, or give --learn without delays.',
    })
}

function dropoutOf(training: TrainOptions, { dropout: rates, dropoutScale }: TrainingNoiseFlags) {
  const dropout = rates === undefined ? training.dropout : { ...training.dropout, rates }
  if (dropoutScale === undefined) return dropout
  if (dropout === undefined) throw idle('--dropout-scale', '--dropout')
  return { ...dropout, scale: dropoutScale }
}

function idle(flag: string, other: string): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field: flag,
    found: `the flag without ${other}`,
    expected: `it beside ${other}`,
    remedy: `Add ${other}, or leave it out.`,
  })
}
