import { InputError } from '../../../events/errors.js'
import { spikingGroups } from '../../../hardware/tally/raster.js'
import type { Network } from '../../../network/description/network.js'
import { createGrowingRaster, type KnownRun } from './known-run.js'
import { readRecordingOf } from './read-recording-of.js'

/**
 * The run that a recording shows, of all groups that spike.
 *
 * Raises `InputError` RASTER_GROUP for a group that was not recorded, and as `readRecordingOf` does, naming `--recording`.
 */
export async function recordedRun(network: Network, folder: string, say: (words: string) => void): Promise<KnownRun> {
  const raster = createGrowingRaster(spikingGroups(network).map(({ name }) => name))
  const until = await readRecordingOf(network, folder, {
    flag: '--recording',
    say,
    begin: (groups) => requireGroups(network, folder, groups),
    take: ({ spikes }) => raster.add(spikes),
  })
  return { raster: raster.joined(), until }
}

function requireGroups(network: Network, folder: string, groups: readonly string[]): void {
  const needed = spikingGroups(network).map(({ name }) => name)
  const missing = needed.find((name) => !groups.includes(name))
  if (missing === undefined) return
  throw new InputError({
    code: 'RASTER_GROUP',
    file: folder,
    field: '--recording',
    found: `no spikes of "${missing}"`,
    expected: `those of ${needed.join(', ')}`,
    remedy: 'Record all of them, with simulate --record.',
  })
}
