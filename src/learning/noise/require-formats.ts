import { InputError } from '../../events/errors.js'
import type { DeviceNoise } from './device-noise.js'
import { delayLevels, thresholdCount, weightCount } from './quantize.js'

/** Raises `InputError` NOISE_CONFLICT where the formats of a device say what cannot be. */
export function requireFormats(noise: DeviceNoise, field: string): void {
  if (noise.weightRange !== undefined && weightCount(noise) === null)
    throw idleRange(`${field}.weightRange`, 'weightBits or weightLevels')
  if (noise.thresholdRange !== undefined && thresholdCount(noise) === null)
    throw idleRange(`${field}.thresholdRange`, 'thresholdBits')
  const { min, max } = delayLevels(noise)
  if (min > max)
    throw new InputError({
      code: 'NOISE_CONFLICT',
      field: `${field}.delayMin`,
      found: `${min} ms as the shortest delay, and ${max} ms as the longest`,
      expected: 'a delay that is neither too short nor too long',
      remedy: 'Lower delayMin or raise delayMax; with delayStep both are multiples of it.',
    })
}

function idleRange(field: string, bits: string): InputError {
  return new InputError({
    code: 'NOISE_CONFLICT',
    field,
    found: `a range without ${bits}`,
    expected: 'the bits whose steps divide it',
    remedy: `Add ${bits}, or leave the range out.`,
  })
}
