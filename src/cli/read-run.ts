import { join } from 'node:path'
import type { Network } from '../network/network.js'
import { parseNetwork } from '../network/network-file.js'
import { readTextWithin } from '../storage/read-text.js'
import { type RunRecord, readRunRecord } from '../storage/run/run-record.js'

/** What a run left in its folder; no record: whoever made the folder kept none. Raises `InputError` as reading files does. */
export async function readRun(
  folder: string,
): Promise<{ readonly network: Network; readonly record: RunRecord | null }> {
  const file = join(folder, 'network.json')
  const network = parseNetwork(await readTextWithin(file), file)
  return { network, record: await readRunRecord(folder) }
}
