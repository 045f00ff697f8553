import { type ClusterSession, openCluster } from '../../../actors/open-cluster.js'
import type { KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import { byName, entryOf } from '../../../events/by-name.js'
import { noSpikes } from '../../../events/no-spikes.js'
import { spikesBefore } from '../../../events/select-spikes.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import { microBatches, spikesOfTrials, type TrialRange } from '../../../events/trial-range.js'
import { singleCore } from '../../../hardware/single-core.js'
import { type Raster, spikingGroups } from '../../../hardware/tally/raster.js'
import type { Trials } from '../../../learning/session.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Network } from '../../../network/description/network.js'
import type { ProgressWords } from '../../progress-words.js'
import { createGrowingRaster, type KnownRun } from './known-run.js'

/** Number of trials at once beyond which a run gets no faster. */
const AT_ONCE = 8

/** Splits a mini-batch into smaller ones, in order. */
function cutTrials({ count, until, inputs }: Trials): readonly Trials[] {
  return microBatches(count, AT_ONCE).map((range): Trials => {
    const own = Object.entries(inputs).map(([name, trains]) => [name, trainsOf(trains, range)] as const)
    return { count: range.end - range.start, until, inputs: byName(own) }
  })
}

/** Joins the spikes of consecutive mini-batches. */
function rasterOfTrials(rasters: readonly Raster[]): Raster {
  const [first = {}] = rasters
  return byName(
    Object.keys(first).map((name) => [name, inRow(rasters.flatMap((raster) => entryOf(raster, name) ?? []))]),
  )
}

/** The spikes of a range of trials alone. */
function trainsOf(trains: SpikeTrains, range: TrialRange): SpikeTrains {
  const own = spikesOfTrials(trains, range)
  return { ...own, offsets: own.offsets.slice(range.start, range.end + 1) }
}

/** Concatenates trains along the trials. */
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

export interface SimulationChoice {
  readonly seed: number
  readonly kernel: KernelKind
  readonly spikeLimit: number
  readonly tell: ProgressWords
}

/** Simulates the spikes of all groups, and reports the progress: trials done, or the time within a single trial. */
export async function simulatedRun(
  network: Network,
  trials: Trials,
  { seed, kernel, spikeLimit, tell }: SimulationChoice,
): Promise<KnownRun> {
  const emitting = spikingGroups(network).filter((group) => group.kind !== 'source' || !isGiven(group))
  const record = emitting.map(({ name }) => name)
  const options = { transport: 'local', seed, kernel, spikeLimit } as const
  await using session = await openCluster(network, singleCore(network), options)
  // What a source emits by itself depends on the number of its trial.
  const isCut = trials.count > 1 && emitting.every(({ kind }) => kind !== 'source')
  const spikes =
    trials.count === 1 && trials.until < Infinity
      ? await streamed(session, trials, record, tell)
      : await simulated(session, isCut ? cutTrials(trials) : [trials], record, tell)
  const given = network.groups.filter((group) => group.kind === 'source' && isGiven(group))
  const until = endOf(trials, { ...trials.inputs, ...spikes })
  const inputs = given.map(
    ({ name }) => [name, spikesBefore(until, entryOf(trials.inputs, name) ?? noSpikes(trials.count))] as const,
  )
  return { raster: { ...byName(inputs), ...spikes }, until }
}

/** Several trials, some at a time: the spikes of one do not depend on the others. */
async function simulated(
  session: ClusterSession,
  parts: readonly Trials[],
  record: readonly string[],
  tell: ProgressWords,
): Promise<Raster> {
  const all = parts.reduce((sum, { count }) => sum + count, 0)
  const rasters: Raster[] = []
  let done = 0
  for (const trials of parts) {
    rasters.push((await session.simulate(trials, { record })).spikes)
    done += trials.count
    tell(`simulating, ${done} of ${all} trials`)
  }
  return rasterOfTrials(rasters)
}

/** Progress of a trial that takes minutes is reported in this many segments. */
const SEGMENTS = 100

/** One trial, segment by segment. */
async function streamed(
  session: ClusterSession,
  { until, inputs }: Trials,
  record: readonly string[],
  tell: ProgressWords,
): Promise<Raster> {
  const stream = session.stream({ until, inputs, record, segment: until / SEGMENTS })
  const raster = createGrowingRaster(record)
  for await (const { window, spikes } of stream) {
    raster.add(spikes)
    tell(`simulating, ${Math.round(window.end)} of ${until} ms`)
  }
  return raster.joined()
}

/** A trial without an end is over with its last spike. */
function endOf({ until }: Trials, spikes: Raster): number {
  if (until < Infinity) return until
  const last = Object.values(spikes).reduce((most, { times }) => times.reduce((a, b) => Math.max(a, b), most), 0)
  return Math.floor(last) + 1
}
