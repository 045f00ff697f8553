import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Maxima } from '../../learning/maxima.js'
import { createNumbersDigest, type NamedNumbers } from '../named-numbers.js'
import { openSpikeFile } from '../spike-file/read-spike-file.js'
import { readManifest, spikeFileOf } from './recording-manifest.js'

/** What a run recorded, by the names of groups. */
export interface Recorded {
  readonly spikes: Readonly<Record<string, Pick<SpikeTrains, 'times' | 'units'>>>
  readonly maxima: Readonly<Record<string, Pick<Maxima, 'values' | 'times'>>>
}

/** All that was recorded: times and units of the spikes, group by group, then maxima of voltages and their times. */
export function recordedNumbers({ spikes, maxima }: Recorded): readonly NamedNumbers[] {
  return [
    ...Object.entries(spikes).flatMap(([group, { times, units }]) => [
      { name: `spike times ${group}`, values: times },
      { name: `spike units ${group}`, values: Float64Array.from(units) },
    ]),
    ...Object.entries(maxima).flatMap(([group, { values, times }]) => [
      { name: `maxima ${group}`, values },
      { name: `times of maxima ${group}`, values: times },
    ]),
  ]
}

/** The digest of these numbers of a recording in a folder, of which a block at a time is in memory. */
export async function recordingDigest(folder: string): Promise<string> {
  const { groups } = await readManifest(folder)
  const sum = createNumbersDigest()
  for (const { name } of groups) {
    await using file = await openSpikeFile(spikeFileOf(folder, name))
    for (const values of ['times', 'units'] as const)
      for await (const { trains } of file.blocks()) sum.add(trains[values])
  }
  return sum.digest()
}
