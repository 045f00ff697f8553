import { byName, entryOf } from '../../../events/by-name.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { TrialRange } from '../../../events/trial-range.js'
import type { Raster } from '../../../hardware/tally/raster.js'
import type { Trials } from '../../../learning/session.js'

/** So many trials are as quick at once as they are ever. */
const AT_ONCE = 8

/** A mini-batch as several, in order. */
export function cutTrials({ count, until, inputs }: Trials): readonly Trials[] {
  return Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, k): Trials => {
    const range = { start: k * AT_ONCE, end: Math.min(count, (k + 1) * AT_ONCE) }
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

function trainsOf({ offsets, times, units }: SpikeTrains, { start, end }: TrialRange): SpikeTrains {
  const [from, to] = [offsets[start] as number, offsets[end] as number]
  return {
    offsets: offsets.slice(start, end + 1).map((offset) => offset - from),
    times: times.slice(from, to),
    units: units.slice(from, to),
  }
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
