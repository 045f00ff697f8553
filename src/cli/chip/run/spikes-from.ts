import { byName } from '../../../events/by-name.js'
import { readSpikes, type SpikesPerUnit } from '../../../hardware/chip-placement/spikes-per-unit.js'
import type { Network } from '../../../network/description/network.js'
import { parseJson, readingFile } from '../../../network/reading/parse-json.js'
import { readRecord } from '../../../network/reading/read-value.js'
import { isFolder } from '../../../storage/is-folder.js'
import { readTextFile } from '../../../storage/read-text.js'
import { inTermsOfFile } from '../flags/in-terms-of-file.js'
import { readRecordingOf } from './read-recording-of.js'

const FLAG = '--rates-from'

/**
 * Spikes of each unit, by group: counted in a recording, or as a JSON file says, a number or a list per group.
 *
 * Raises `InputError` for files that cannot be read, as `readRecordingOf` does, and with the codes of `readSpikes`, naming
 * `--rates-from` and the group.
 *
 * @param say writes a line for people
 */
export async function spikesFrom(path: string, network: Network, say: (words: string) => void): Promise<SpikesPerUnit> {
  const spikes = await ((await isFolder(path)) ? spikesOfRecording(path, network, say) : spikesOfFile(path))
  inTermsOfFile(FLAG, path, () => readSpikes(network, spikes))
  return spikes
}

async function spikesOfFile(path: string): Promise<SpikesPerUnit> {
  const text = await readTextFile(path, FLAG)
  return readingFile(path, () => readRecord(parseJson(text), '$') as SpikesPerUnit)
}

async function spikesOfRecording(path: string, network: Network, say: (words: string) => void): Promise<SpikesPerUnit> {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const counts = new Map<string, Float64Array>()
  await readRecordingOf(network, path, {
    flag: FLAG,
    say,
    begin: (groups) => {
      for (const name of groups) counts.set(name, new Float64Array(sizes.get(name) ?? 0))
    },
    take: ({ spikes }) => {
      for (const [group, { units }] of Object.entries(spikes)) {
        const own = counts.get(group)
        if (own !== undefined) for (const unit of units) own[unit] = (own[unit] ?? 0) + 1
      }
    },
  })
  return byName(counts)
}
