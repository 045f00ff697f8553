import { sumReturned } from '../../dynamics/kernels/returned-events.js'
import { byName, entryOf } from '../../events/by-name.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Placement } from '../../hardware/placement.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { Recording, Trials } from '../../learning/session.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import { isReadout } from '../../network/models/models.js'
import type { GradientsOrder, Partition, RunReport, WatchOrder } from '../partition/partition.js'
import { placedSlices } from '../partition/pathways/placed-slices.js'
import type { Asked } from '../watch/shown-run.js'
import { mergeMaxima, mergeTrains } from './merge-slices.js'

/** Cuts the trials of a run for the cores of a placement, and puts together what they report. */
export interface Merger {
  /** Whether a core holds or listens to a source that is given its spikes. */
  takesInputs(core: number): boolean
  /** The input spikes of the sources that a core holds or listens to. */
  inputsOf(core: number, trials: Pick<Trials, 'inputs'>): Readonly<Record<string, SpikeTrains>>
  /** The groups that a core has to record: a group that is on several cores is recorded on one of them. */
  recordOn(core: number, record: readonly string[]): readonly string[]
  /** What a core has to report to watchers beside the spikes; null if nothing is watched. */
  watchOn(core: number, asked: Asked): WatchOrder | null
  /** @param reports by core */
  recordingOf(
    trials: Pick<Trials, 'count'>,
    record: readonly string[],
    reports: ReadonlyMap<number, RunReport>,
  ): Recording
  /** dL/d(input spike time) per source group, in the order of the input. */
  inputTimesOf(trials: Trials, reports: ReadonlyMap<number, RunReport>): Readonly<Record<string, Float64Array>>
}

export function createMerger(network: Network, placement: Placement): Merger {
  const { groups, projections } = network
  const slices = placedSlices(placement)
  const given = new Set(groups.filter(isGiven).map(({ name }) => name))
  /** Whole sources are recorded where their first slice is placed. */
  const homeOf = (name: string) => slices.get(name)?.[0]?.core
  const slicesOf = (name: string) => (slices.get(name) ?? []).slice(0, given.has(name) ? 1 : Infinity)
  const listeners = new Map([...given].map((name) => [name, listenersOf(name)]))
  const coresOf = (name: string) => listeners.get(name) ?? new Set()

  function listenersOf(name: string): ReadonlySet<number | undefined> {
    const targets = projections.filter(({ source }) => source === name).map(({ target }) => target)
    return new Set([homeOf(name), ...targets.flatMap((target) => slices.get(target) ?? []).map(({ core }) => core)])
  }

  function takesInputs(core: number): boolean {
    return [...listeners.values()].some((cores) => cores.has(core))
  }

  function inputsOf(core: number, { inputs }: Pick<Trials, 'inputs'>): Readonly<Record<string, SpikeTrains>> {
    return byName(Object.entries(inputs).filter(([name]) => coresOf(name).has(core)))
  }

  function recordOn(core: number, record: readonly string[]): readonly string[] {
    return record.filter((name) => !given.has(name) || homeOf(name) === core)
  }

  function watchOn(core: number, { gradients, voltages }: Asked): WatchOrder | null {
    if (gradients.length === 0 && voltages.length === 0) return null
    const orders = projections.flatMap(({ key, source }, order): readonly GradientsOrder[] => {
      return gradients.includes(key) ? [{ order, isHome: recordOn(core, [source]).length > 0 }] : []
    })
    const areHere = ({ group }: Asked['voltages'][number]) => slices.get(group)?.some((slice) => slice.core === core)
    return { gradients: orders, voltages: voltages.filter(areHere) }
  }

  function recordingOf(
    trials: Pick<Trials, 'count'>,
    record: readonly string[],
    reports: ReadonlyMap<number, RunReport>,
  ): Recording {
    const recorded = groups.filter(({ name }) => record.includes(name))
    const ofSlices = <Part>(name: string, part: (report: RunReport) => Part | undefined) =>
      slicesOf(name).flatMap((slice) => {
        const report = reports.get(slice.core)
        const found = report === undefined ? undefined : part(report)
        return found === undefined ? [] : [{ slice, found }]
      })
    const spikes = record.flatMap((name) => {
      if (!recorded.some((group) => group.name === name && !isReadout(group))) return []
      const parts = ofSlices(name, (report) => entryOf(report.spikes, name)).map(({ found }) => found)
      return [[name, mergeTrains(trials.count, parts)] as const]
    })
    const maxima = recorded.filter(isReadout).flatMap(({ name, size }) => {
      const parts = ofSlices(name, (report) => entryOf(report.maxima, name)).map(({ slice, found }) => ({
        slice,
        ...found,
      }))
      return [[name, mergeMaxima(trials.count, size, parts)] as const]
    })
    return { spikes: byName(spikes), maxima: byName(maxima) }
  }

  function inputTimesOf(
    { inputs }: Trials,
    reports: ReadonlyMap<number, RunReport>,
  ): Readonly<Record<string, Float64Array>> {
    const timesOf = (name: string) => {
      const returned = [...reports.values()].flatMap(({ inputReturned }) => entryOf(inputReturned, name) ?? [])
      return sumReturned(entryOf(inputs, name)?.times.length ?? 0, returned)
    }
    return byName([...given].map((name) => [name, timesOf(name)]))
  }

  return { takesInputs, inputsOf, recordOn, watchOn, recordingOf, inputTimesOf }
}

/** @param reports of the partitions, in their order */
export function reportsByCore(
  partitions: readonly Pick<Partition, 'core'>[],
  reports: readonly RunReport[],
): ReadonlyMap<number, RunReport> {
  return new Map(partitions.map(({ core }, k) => [core, reports[k] as RunReport]))
}

/** The losses and predictions, from the partition where the loss lives. */
export function outcomeOf(reports: readonly RunReport[]): Outcome {
  for (const { outcome } of reports) if (outcome !== null) return outcome
  return { losses: [], predictions: new Int32Array(0) }
}

/** Spikes of hidden neurons, over all trials. */
export function hiddenSpikes(reports: readonly RunReport[]): number {
  return reports.reduce((sum, report) => sum + report.hiddenSpikes, 0)
}
