import { InputError } from '../../events/errors.js'
import { noiseOfProfile, SAY_JITTER } from '../../hardware/noise/chip-noise.js'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import { readDeviceNoise } from '../../learning/noise/read-noise.js'
import type { Network } from '../../network/description/network.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { readRecord } from '../../network/reading/read-value.js'
import { readTextFile } from '../../storage/read-text.js'
import type { ChipDevice } from '../chip/flags/chip-device.js'
import { noiseOnChip } from './noise-on-chip.js'
import { areNoiseSettings, parseNoiseSettings, settingsOnProfile } from './parse-noise-settings.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * The noise that `--noise` asks for, of settings, of a JSON file with the fields of `DeviceNoise`, or of the profile of a chip
 * with settings in place of some of it, checked against the network; with the formats of a chip. Null where nothing is asked
 * for, nor a chip.
 *
 * Raises `InputError` FLAG_VALUE, FLAG_CONFLICT for what the chip says as well or for the noise of no chip, FILE_UNREADABLE,
 * JSON_INVALID and those of `readDeviceNoise` and `chipNoise`, with the file or the flag.
 */
export async function readNoise(
  text: string | undefined,
  network: Network,
  device: ChipDevice | null,
): Promise<NoiseChoice | null> {
  const checked = (given: Fields, field: string) => choiceOf(noiseOnChip(given, device, '--noise'), network, field)
  if (text === undefined) return device === null ? null : checked({}, '--noise')
  const overrides = settingsOnProfile(text)
  if (overrides !== null) {
    const settings = overrides === '' ? {} : parseNoiseSettings(overrides, '--noise')
    return checked(profileNoise(network, device, settings), '--noise')
  }
  if (areNoiseSettings(text)) return checked(parseNoiseSettings(text, '--noise'), '--noise')
  const json = await readTextFile(text, '--noise')
  return readingFile(text, () => checked(readRecord(parseJson(json), '$'), 'noise'))
}

function profileNoise(network: Network, device: ChipDevice | null, settings: Fields): Fields {
  if (device !== null)
    return { ...inTermsOfNoise(() => noiseOfProfile(network, device.profile, Object.keys(settings))), ...settings }
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--noise',
    found: 'profile, without --chip',
    expected: 'the chip whose noise is meant beside it',
    remedy: 'Add --chip PROFILE; a file of that name is ./profile.',
  })
}

function inTermsOfNoise<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { field, remedy } = error.mistake
    const help = remedy === SAY_JITTER ? { remedy: 'Say it in ms: --noise profile,jitter=0.05, or 0 for none.' } : {}
    throw new InputError({ ...error.mistake, ...help, field: `--noise: ${field}`, cause: error })
  }
}

/** A device whose seed may be left to others. */
export function choiceOf(given: Fields, network: Network, field: string): NoiseChoice {
  const { seed, ...noise } = readDeviceNoise(network, { seed: 0, ...given }, field)
  return given.seed === undefined ? noise : { ...noise, seed }
}
