import { byName } from '../../events/by-name.js'
import { readSpikes, type SpikesPerUnit } from '../../hardware/chip-placement/spikes-per-unit.js'
import type { Network } from '../../network/network.js'
import { expectRecord } from '../../network/reading/expect.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { isFolder } from '../../storage/is-folder.js'
import { readTextFile } from '../../storage/read-text.js'
import { openRecording } from '../../storage/recording/read-recording.js'
import { inTermsOfFile } from './in-terms-of-file.js'

/**
 * Spikes of each unit, by group: counted in a recording, or as a JSON file says, a number or a list per group.
 *
 * Raises `InputError` for files that cannot be read, and with the codes of `readSpikes`, naming `--rates-from` and the group.
 */
export async function spikesFrom(path: string, network: Network): Promise<SpikesPerUnit> {
  const spikes = await ((await isFolder(path)) ? spikesOfRecording(path) : spikesOfFile(path))
  inTermsOfFile('--rates-from', path, () => readSpikes(network, spikes))
  return spikes
}

async function spikesOfFile(path: string): Promise<SpikesPerUnit> {
  const text = await readTextFile(path, '--rates-from')
  return readingFile(path, () => expectRecord(parseJson(text), '$') as SpikesPerUnit)
}

async function spikesOfRecording(path: string): Promise<SpikesPerUnit> {
  await using recording = await openRecording(path)
  const counts = new Map(recording.groups.map(({ name, size }) => [name, new Float64Array(size)]))
  for await (const { spikes } of recording.segments())
    for (const [group, { units }] of Object.entries(spikes)) {
      const own = counts.get(group)
      if (own !== undefined) for (const unit of units) own[unit] = (own[unit] ?? 0) + 1
    }
  return byName(counts)
}
