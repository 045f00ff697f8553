import { join } from 'node:path'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import type { Network } from '../../network/description/network.js'
import { readingFile } from '../../network/reading/parse-json.js'
import { readRecord } from '../../network/reading/read-value.js'
import { isFolder } from '../../storage/is-folder.js'
import { readTextFile } from '../../storage/read-text.js'
import { RUN_RECORD, type RunRecord } from '../../storage/run/run-record.js'
import { type ModulesFlag, networkOfFile } from '../modules-flag.js'
import { choiceOf } from '../noise/read-noise.js'
import { readRun } from '../read-run.js'

/** A network, and if it is that of a run, the device that it was trained on. */
export interface TrainedNetwork {
  readonly network: Network
  readonly record: RunRecord | null
  /** With the ranges of what was quantised; null: an exact one. */
  readonly noise: NoiseChoice | null
}

/** Reads a network file, or what a run left in its folder. Raises `InputError` FILE_UNREADABLE and what is wrong in them. */
export async function readTrained(path: string, flags: ModulesFlag): Promise<TrainedNetwork> {
  if (!(await isFolder(path)))
    return { network: networkOfFile(await readTextFile(path), path, flags), record: null, noise: null }
  const { network, record } = await readRun(path, flags)
  return { network, record, noise: record?.noise === undefined ? null : noiseOf(record.noise, network, path) }
}

function noiseOf(given: unknown, network: Network, path: string): NoiseChoice {
  return readingFile(join(path, RUN_RECORD), () => choiceOf(readRecord(given, 'noise'), network, 'noise'))
}
