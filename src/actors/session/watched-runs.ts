import { sumReturned } from '../../dynamics/kernels/returned-events.js'
import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { Window } from '../../events/window.js'
import type { Trials } from '../../learning/session.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import type { Partition, RunReport, SliceGradients, SliceVoltages, VoltagesOrder } from '../partition/partition.js'
import type { ShownRun, ValuedSpikes } from '../watch/shown-run.js'
import { gradientsInside, voltagesUnknown } from '../watch/watch-faults.js'
import type { WatchHub } from '../watch/watch-hub.js'
import type { WatchedWork } from '../watch/watched.js'
import { type Merger, reportsByCore } from './merge-reports.js'
import type { Request } from './orders.js'

/** A run that may be watched. */
export interface WatchedRequest {
  /** The request to the partitions, with what watchers want to see. */
  readonly request: Request
  /**
   * The run is done, and nothing of it will be reverted: shows it to the watchers.
   *
   * @param reports of the partitions, in their order
   * @param window of a segment; default: the whole trials
   */
  show(trials: Pick<Trials, 'count' | 'until'>, reports: readonly RunReport[], window?: Window): void
}

/** Asks for a run what those want to see who watch now. */
export type WatchRun = (doing: WatchedWork, request: Request, isFirst?: boolean) => WatchedRequest

export interface WatchedRunsOptions {
  readonly network: Network
  readonly merger: Merger
  readonly partitions: readonly Partition[]
  readonly hub: WatchHub
}

export function createWatchedRuns({ network, merger, partitions, hub }: WatchedRunsOptions): WatchRun {
  const given = new Set(network.groups.filter(isGiven).map(({ name }) => name))
  const leavesGiven = ({ key, source }: Network['projections'][number], keys: readonly string[]) =>
    given.has(source) && keys.includes(key)

  return (doing, request, isFirst) => {
    const look = hub.look(doing, isFirst)
    const gradients = request.gradients ? look.asked.gradients : []
    // No gradients return for the spikes of such a source otherwise.
    const inputTimes = request.inputTimes || network.projections.some((each) => leavesGiven(each, gradients))
    return {
      request: { ...request, inputTimes, watch: { ...look.asked, gradients } },
      show({ count, until }, reports, window = { start: 0, end: until }) {
        const byCore = reportsByCore(partitions, reports)
        const hasGradients = request.gradients
        look.hand(window, shownReports({ network, merger, reports: byCore, trials: { count, until }, hasGradients }))
      },
    }
  }
}

type Extent = Pick<Trials, 'count' | 'until'>

interface ShownReports {
  readonly network: Network
  readonly merger: Pick<Merger, 'recordingOf'>
  /** By core. */
  readonly reports: ReadonlyMap<number, RunReport>
  readonly trials: Extent
  /** The run had a backward pass. */
  readonly hasGradients: boolean
}

/** What partitions report of a watched run, merged once, when it is first read; read-only. */
function shownReports(parts: ShownReports): ShownRun {
  const shown = mergedReports(parts)
  return { spikes: once(shown.spikes), gradients: once(shown.gradients), voltages: shown.voltages }
}

/** Asks about each name once, and keeps what came. */
function once<Result>(ask: (name: string) => Result): (name: string) => Result {
  const known = new Map<string, Result>()
  return (name) => {
    const result = known.has(name) ? (known.get(name) as Result) : ask(name)
    known.set(name, result)
    return result
  }
}

function mergedReports({ network, merger, reports, trials, hasGradients }: ShownReports): ShownRun {
  return {
    spikes(group) {
      const found = entryOf(merger.recordingOf(trials, [group], reports).spikes, group)
      if (found === undefined) throw new InternalError(`No partition has reported the spikes of "${group}".`)
      return found
    },
    gradients(key) {
      if (!hasGradients) return null
      const order = network.projections.findIndex((projection) => projection.key === key)
      const slices = [...reports.values()].flatMap(({ watched }) => watched?.gradients ?? [])
      return mergeGradients(
        key,
        trials,
        slices.filter((slice) => slice.order === order),
      )
    },
    voltages(asked) {
      const slices = [...reports.values()].flatMap(({ watched }) => watched?.voltages ?? [])
      return mergeVoltages(
        asked,
        trials.count,
        slices.filter(({ id }) => id === asked.id),
      )
    },
  }
}

/** Raises GRADIENTS_INSIDE where nothing has been returned. */
function mergeGradients(key: string, { count, until }: Extent, reported: readonly SliceGradients[]): ValuedSpikes {
  const parts = reported.flatMap(({ start, trains }) => {
    if (trains === null) return []
    const returned = reported.filter((slice) => slice.start === start).flatMap((slice) => slice.returned)
    if (returned.length === 0) throw gradientsInside(key)
    return [{ trains, values: sumReturned(trains.times.length, returned) }]
  })
  const [only] = parts
  if (only !== undefined && parts.length === 1) return before(until, only)
  const { trains, places } = joinTrains([noSpikes(count), ...parts.map((part) => part.trains)])
  const values = new Float64Array(trains.times.length)
  parts.forEach((part, k) => {
    places[k + 1]?.forEach((to, spike) => {
      values[to] = part.values[spike] as number
    })
  })
  return before(until, { trains, values })
}

/** Spikes that a source was given for later are no part of the trial. */
function before(until: number, { trains, values }: ValuedSpikes): ValuedSpikes {
  if (trains.times.every((time) => time < until)) return { trains, values }
  const kept = selectSpikes(trains, (place) => (trains.times[place] as number) < until)
  return { trains: kept.trains, values: Float64Array.from(kept.places, (place) => values[place] as number) }
}

/** Row-major [trial][unit][sample], in the order in which the units were asked for. */
function mergeVoltages(
  { group, units }: VoltagesOrder,
  trials: number,
  reported: readonly SliceVoltages[],
): Float64Array {
  const parts = reported.map(({ units: own, found }) => {
    if (typeof found === 'string') throw voltagesUnknown(group, found)
    return { own, found, samples: found.length / (trials * own.length) }
  })
  const samples = parts[0]?.samples ?? 0
  const placeOf = new Map(Array.from(units, (unit, place) => [unit, place]))
  const merged = new Float64Array(trials * units.length * samples)
  for (const { own, found } of parts)
    own.forEach((unit, row) => {
      for (let trial = 0; trial < trials; trial++) {
        const from = (trial * own.length + row) * samples
        const to = (trial * units.length + (placeOf.get(unit) as number)) * samples
        merged.set(found.subarray(from, from + samples), to)
      }
    })
  return merged
}
