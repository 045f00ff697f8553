import { byName, entryOf } from '../../../events/by-name.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import { microBatches, spikesOfTrials, type TrialRange } from '../../../events/trial-range.js'
import type { Raster } from '../../../hardware/tally/raster.js'
import type { Trials } from '../../../learning/session.js'

/** Number of trials at once beyond which a run gets no faster. */
const AT_ONCE = 8

/** A mini-batch as several, in order. */
export function cutTrials({ count, until, inputs }: Trials): readonly Trials[] {
  return microBatches(count, AT_ONCE).map((range): Trials => {
    const own = Object.entries(inputs).map(([name, trains]) => [name, trainsOf(trains, range)] as const)
    return { count: range.end - range.start, until, inputs: byName(own) }
  })
}

/** The spikes of several mini-batches as those of one. */
export function rasterOfTrials(rasters: readonly Raster[]): Raster {
  const [first = {}] = rasters
  return byName(
    Object.keys(first).map((name) => [name, inRow(rasters.flatMap((raster) => entryOf(raster, name) ?? []))]),
  )
}

/** Without the other trials. */
function trainsOf(trains: SpikeTrains, range: TrialRange): SpikeTrains {
  const own = spikesOfTrials(trains, range)
  return { ...own, offsets: own.offsets.slice(range.start, range.end + 1) }
}

/** Trains of some trials, then those of others. */
function inRow(parts: readonly SpikeTrains[]): SpikeTrains {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const spikes = parts.reduce((sum, { times }) => sum + times.length, 0)
  const trials = parts.reduce((sum, { offsets }) => sum + offsets.length - 1, 0)
  const row = { offsets: new Uint32Array(trials + 1), times: new Float64Array(spikes), units: new Uint32Array(spikes) }
  let [trial, at] = [0, 0]
  for (const { offsets, times, units } of parts) {
    row.times.set(times, at)
    row.units.set(units, at)
    for (const end of offsets.subarray(1)) row.offsets[++trial] = at + end
    at += times.length
  }
  return row
}
