import { join } from 'node:path'
import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { readTextWithin } from '../storage/read-text.js'
import { type RunRecord, readRunRecord } from '../storage/run/run-record.js'
import { type ModulesFlag, networkOfFile } from './modules-flag.js'

/** What a run left in its folder; no record: the maker of the folder kept none. Raises `InputError` as reading files does. */
export async function readRun(
  folder: string,
  flags: ModulesFlag,
): Promise<{ readonly network: Network; readonly record: RunRecord | null }> {
  const file = join(folder, 'network.json')
  const record = await readRunRecord(folder)
  const text = await readTextWithin(file).catch((error: unknown) => {
    throw error instanceof InputError ? ofSeeds(error, folder, record) : error
  })
  return { network: networkOfFile(text, file, flags), record }
}

/** The folder of several trainings holds no network, but those that do. */
function ofSeeds(error: InputError, folder: string, record: RunRecord | null): InputError {
  const [first, ...others] = Array.isArray(record?.seeds) ? record.seeds : []
  if (first === undefined) return error
  const rest =
    others.length === 0 ? '' : `, or that of another seed: ${others.map((seed) => `seed-${seed}`).join(', ')}`
  const expected = 'the folder of one training; this one holds those of several seeds'
  const remedy = `Give ${join(folder, `seed-${first}`)}${rest}.`
  return new InputError({ ...error.mistake, expected, remedy, cause: error })
}
