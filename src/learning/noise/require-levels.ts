import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { isSpiking } from '../../network/models/models.js'
import type { ParameterKind } from '../session.js'
import type { DeviceNoise, PerName } from './device-noise.js'
import { delayLevels, thresholdCount, weightCount } from './quantize.js'
import { rangeFor } from './with-ranges.js'

/**
 * Raises `InputError` FORMAT_LEVELS where something is to be learned of which the device has one value alone.
 *
 * @param noise with its ranges
 */
export function requireLevels(
  network: Pick<Network, 'projections' | 'groups'>,
  noise: DeviceNoise,
  learn: readonly ParameterKind[],
): void {
  const { weightLevels, weightBits, thresholdBits } = noise
  if (learn.includes('weights') && weightCount(noise) !== null)
    requireRange('weight', noise.weightRange, {
      names: network.projections.map(({ key }) => key),
      format: weightLevels === undefined ? `${weightBits} bits` : `${weightLevels} levels`,
    })
  if (learn.includes('thresholds') && thresholdCount(noise) !== null)
    requireRange('threshold', noise.thresholdRange, {
      names: network.groups.filter(isSpiking).map(({ name }) => name),
      format: `${thresholdBits} bits`,
    })
  const { step, min, max } = delayLevels(noise)
  if (learn.includes('delays') && min === max)
    throw new InputError({
      code: 'FORMAT_LEVELS',
      field: 'noise.delayMax',
      found: `delays from ${min} to ${max} ms${step === null ? '' : ` in steps of ${step} ms`}, which is one`,
      expected: 'several, for delays are to be learned',
      remedy: 'Leave delays out of what is learned, or raise delayMax.',
    })
}

interface Named {
  readonly names: readonly string[]
  readonly format: string
}

function requireRange(what: string, range: PerName | undefined, { names, format }: Named): void {
  const name = names.find((each) => rangeFor(range, each) === 0)
  if (name === undefined) return
  throw new InputError({
    code: 'FORMAT_LEVELS',
    field: `noise.${what}Range.${name}`,
    found: `${format} over a range of 0: every ${what} is 0`,
    expected: `different ${what}s, for they are to be learned`,
    remedy: `Give ${what}Range for ${name}; the default is the largest magnitude that its description allows.`,
  })
}
