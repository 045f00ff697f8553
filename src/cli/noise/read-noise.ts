import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import { plainDeviceNoise } from '../../learning/noise/plain-noise.js'
import type { Network } from '../../network/network.js'
import { expectRecord } from '../../network/reading/expect.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { readTextFile } from '../../storage/read-text.js'
import { areNoiseSettings, parseNoiseSettings } from './parse-noise-settings.js'

/**
 * The noise that `--noise` asks for, of settings or of a JSON file with the fields of `DeviceNoise`, checked against the
 * network.
 *
 * Raises `InputError` FLAG_VALUE, FILE_UNREADABLE, JSON_INVALID and those of `plainDeviceNoise`, with the file or the flag.
 */
export async function readNoise(text: string, network: Network): Promise<NoiseChoice> {
  if (areNoiseSettings(text)) return checked(parseNoiseSettings(text, '--noise'), network, '--noise')
  const json = await readTextFile(text, '--noise')
  return readingFile(text, () => checked(expectRecord(parseJson(json), '$'), network, 'noise'))
}

function checked(given: Readonly<Record<string, unknown>>, network: Network, field: string): NoiseChoice {
  const { seed, ...noise } = plainDeviceNoise(network, { seed: 0, ...given }, field)
  return given.seed === undefined ? noise : { ...noise, seed }
}
