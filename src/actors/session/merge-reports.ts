import { byName, entryOf } from '../../events/by-name.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Placement } from '../../hardware/placement.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { Recording, Trials } from '../../learning/session.js'
import { isGiven } from '../../network/given-source.js'
import type { Network } from '../../network/network.js'
import type { RunReport } from '../partition/partition.js'
import { type PlacedSlice, placedSlices } from '../partition/placed-slices.js'
import { mergeMaxima, mergeTrains, sliceTrains } from './merge-slices.js'

/** Cuts the trials of a run for the cores of a placement, and puts together what they report. */
export interface Merger {
  /** The input spikes of the source slices on a core. */
  inputsOf(core: number, trials: Trials): Readonly<Record<string, SpikeTrains>>
  /** @param reports by core */
  recordingOf(trials: Trials, record: readonly string[], reports: ReadonlyMap<number, RunReport>): Recording
  /** dL/d(input spike time) per source group, in the order of the input. */
  inputTimesOf(trials: Trials, reports: ReadonlyMap<number, RunReport>): Readonly<Record<string, Float64Array>>
}

export function createMerger({ groups }: Network, placement: Placement): Merger {
  const slices = placedSlices(placement)
  const slicesOf = (name: string) => slices.get(name) ?? []

  function inputsOf(core: number, { inputs }: Trials): Readonly<Record<string, SpikeTrains>> {
    return byName(
      Object.entries(inputs).flatMap(([name, trains]) => {
        const slice = slicesOf(name).find((part) => part.core === core)
        if (slice === undefined) return []
        return [[name, slicesOf(name).length === 1 ? trains : sliceTrains(trains, slice).trains]]
      }),
    )
  }

  function recordingOf(trials: Trials, record: readonly string[], reports: ReadonlyMap<number, RunReport>): Recording {
    const recorded = groups.filter(({ name }) => record.includes(name))
    const ofSlices = <Part>(name: string, part: (report: RunReport) => Part | undefined) =>
      slicesOf(name).flatMap((slice) => {
        const report = reports.get(slice.core)
        const found = report === undefined ? undefined : part(report)
        return found === undefined ? [] : [{ slice, found }]
      })
    const spikes = record.flatMap((name) => {
      if (!recorded.some((group) => group.name === name && group.kind !== 'li')) return []
      const parts = ofSlices(name, (report) => entryOf(report.spikes, name)).map(({ found }) => found)
      return [[name, mergeTrains(trials.count, parts)] as const]
    })
    const maxima = recorded.flatMap(({ name, kind, size }) => {
      if (kind !== 'li') return []
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
      const parts = slicesOf(name)
      const valuesOf = ({ core }: PlacedSlice) => entryOf(reports.get(core)?.inputTimes, name) ?? new Float64Array(0)
      const trains = entryOf(inputs, name)
      if (trains === undefined) return new Float64Array(0)
      const whole = new Float64Array(trains.times.length)
      for (const slice of parts) {
        const values = valuesOf(slice)
        sliceTrains(trains, slice).places.forEach((place, k) => {
          whole[place] = values[k] as number
        })
      }
      return whole
    }
    const sources = groups.filter(isGiven)
    return byName(sources.map(({ name }) => [name, timesOf(name)]))
  }

  return { inputsOf, recordingOf, inputTimesOf }
}

/** The losses and predictions, from the partition where the loss lives. */
export function outcomeOf(reports: readonly RunReport[]): Outcome {
  for (const { outcome } of reports) if (outcome !== null) return outcome
  return { losses: [], predictions: new Int32Array(0) }
}

/** The share of (hidden neuron, trial) pairs without a spike. */
export function silentFraction(reports: readonly RunReport[]): number {
  const pairs = reports.reduce((sum, report) => sum + report.pairs, 0)
  return pairs === 0 ? 0 : reports.reduce((sum, report) => sum + report.silent, 0) / pairs
}
