import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import { plainDeviceNoise } from '../../learning/noise/plain-noise.js'
import type { Network } from '../../network/network.js'
import { parseNetwork } from '../../network/network-file.js'
import { expectRecord } from '../../network/reading/expect.js'
import { readingFile } from '../../network/reading/parse-json.js'
import { readTextFile, readTextWithin } from '../../storage/read-text.js'
import { RUN_RECORD, type RunRecord, readRunRecord } from '../../storage/run/run-record.js'

/** A network, and if it is that of a run, the device that it was trained on. */
export interface TrainedNetwork {
  readonly network: Network
  readonly record: RunRecord | null
  /** With the ranges of what was quantised; null: an exact one. */
  readonly noise: NoiseChoice | null
}

/** Reads a network file, or what a run left in its folder. Raises `InputError` FILE_UNREADABLE and what is wrong in them. */
export async function readTrained(path: string): Promise<TrainedNetwork> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return { network: parseNetwork(await readTextFile(path), path), record: null, noise: null }
  const file = join(path, 'network.json')
  const network = parseNetwork(await readTextWithin(file), file)
  const record = await readRunRecord(path)
  return { network, record, noise: record?.noise === undefined ? null : noiseOf(record.noise, network, path) }
}

function noiseOf(given: unknown, network: Network, path: string): NoiseChoice {
  return readingFile(join(path, RUN_RECORD), () => {
    const { seed, ...noise } = plainDeviceNoise(network, { seed: 0, ...expectRecord(given, 'noise') })
    return Object.hasOwn(given as object, 'seed') ? { ...noise, seed } : noise
  })
}
