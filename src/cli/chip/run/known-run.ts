import { byName } from '../../../events/by-name.js'
import { joinTrains } from '../../../events/join-trains.js'
import { noSpikes } from '../../../events/no-spikes.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { Raster } from '../../../hardware/tally/raster.js'

/** A run whose spikes are known. */
export interface KnownRun {
  readonly raster: Raster
  /** Length of a trial, ms. */
  readonly until: number
}

/** The spikes of one trial, which come window by window. */
export interface GrowingRaster {
  add(spikes: Raster): void
  joined(): Raster
}

export function createGrowingRaster(groups: readonly string[]): GrowingRaster {
  const parts = new Map(groups.map((name) => [name, [noSpikes(1)] as SpikeTrains[]]))
  return {
    add(spikes) {
      for (const [group, trains] of Object.entries(spikes)) parts.get(group)?.push(trains)
    },
    joined: () => byName([...parts].map(([name, trains]) => [name, joinTrains(trains).trains])),
  }
}
