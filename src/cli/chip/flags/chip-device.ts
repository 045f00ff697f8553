import type { Command } from 'commander'
import { InputError } from '../../../events/errors.js'
import { chipFormats, type NetworkFormats } from '../../../hardware/formats/chip-formats.js'
import { knownNoise } from '../../../hardware/noise/chip-noise.js'
import type { ChipProfile } from '../../../hardware/profile/chip-profile.js'
import { chipProfileNames } from '../../../hardware/profile/packaged-profiles.js'
import type { Network } from '../../../network/description/network.js'
import { someText } from '../../../network/reading/flag-values.js'
import { parseNoiseSettings, settingsOnProfile } from '../../noise/parse-noise-settings.js'
import { profileOf } from './chip-choice.js'

/** In whose formats a network is. */
export interface ChipDeviceFlag {
  readonly chip?: string
}

/** A chip, and what its formats do to a network. */
export interface ChipDevice {
  readonly profile: ChipProfile
  readonly formats: NetworkFormats
}

/** Which formats of which chip a network was in, and which not. Plain data. */
export interface FormatsRecord {
  readonly chip: string
  readonly applied: readonly string[]
  readonly notApplied: readonly { readonly format: string; readonly why: string }[]
  /** Fields of the profile's noise, where that was asked for, but for those that settings say otherwise. */
  readonly noise?: readonly string[]
  /** What was said beside the profile's noise, such as `jitter=0`. */
  readonly settings?: readonly string[]
}

export function addChipDeviceFlag(command: Command, what: string): Command {
  const names = `${chipProfileNames().join(', ')}, or a profile file`
  return command.option(
    '--chip <profile>',
    `${what} in the formats of a chip, its weights, delays and ticks: ${names} (default: exact)`,
    someText('--chip', names),
  )
}

/**
 * The chip of `--chip`; null without.
 *
 * Raises `InputError`, naming `--chip`: FLAG_VALUE for several chips, CHIP_UNKNOWN, FILE_UNREADABLE, what is wrong with a
 * profile, and the codes of `chipFormats`.
 */
export async function chipDevice({ chip }: ChipDeviceFlag, network: Network): Promise<ChipDevice | null> {
  if (chip === undefined) return null
  const profile = await profileOf(chip, 'a network has one format at a time')
  try {
    return { profile, formats: chipFormats(network, profile) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({ ...error.mistake, field: `--chip: ${error.mistake.field}`, cause: error })
  }
}

/** Cores are avoided by a placement, not by formats. */
const DEAD = { format: 'dead cores', why: 'avoided only where there is a placement' }

/** What is applied of a chip, and what not, as the command line has it. */
export function formatsRecord(
  { profile, formats }: ChipDevice,
  { noise, placement }: { readonly noise?: string; readonly placement?: string },
): FormatsRecord {
  const isIgnoring = profile.deadCores.length > 0 && placement === undefined
  return {
    chip: profile.name,
    applied: formats.applied,
    notApplied: [...formats.notApplied, ...(isIgnoring ? [DEAD] : [])],
    ...noiseRecord(profile, noise),
  }
}

function noiseRecord({ noise }: ChipProfile, text: string | undefined): Pick<FormatsRecord, 'noise' | 'settings'> {
  const beside = text === undefined ? null : settingsOnProfile(text)
  if (beside === null) return {}
  if (beside === '') return { noise: knownNoise(noise) }
  const settings = beside.split(',').map((setting) => setting.trim())
  return { noise: knownNoise(noise, Object.keys(parseNoiseSettings(beside, '--noise'))), settings }
}

/** Such as `the formats of loihi: weights, delays, ticks; not applied: thresholds (unknown)`. */
export function formatsInWords({ chip, applied, notApplied, noise, settings }: FormatsRecord): string {
  const missing = notApplied.map(({ format, why }) => `${format} (${why})`)
  const rest = missing.length === 0 ? '' : `; not applied: ${missing.join(', ')}`
  const chances = noise === undefined ? '' : `; noise of the profile: ${noise.join(', ') || 'none'}`
  const beside = settings === undefined ? '' : `; in place of or beside it: ${settings.join(', ')}`
  return `the formats of ${chip}: ${applied.join(', ') || 'none'}${rest}${chances}${beside}`
}
