import { InputError } from '../../events/errors.js'
import type { Window } from '../../events/window.js'
import { createIntervalTally } from '../../learning/firing-statistics.js'
import { type Readers, recordOf } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { readAnyNumber } from '../../network/reading/read-number.js'
import { objectWith, readObject } from '../../network/reading/read-value.js'
import { INTERVAL_BINS, intervalBin } from './interval-bins.js'
import type { Recording } from './read-recording.js'
import type { RecordedGroup } from './recording-manifest.js'

/** What a picture shows of one group. */
export interface GroupFigures extends RecordedGroup {
  readonly spikes: number
  /** Spikes per neuron and second over the span, in Hz. */
  readonly rate: number
  /** Mean coefficient of variation of the neurons' intervals; null if none has two of them. */
  readonly cv: number | null
  /** The same rate in each bin of the span. */
  readonly rates: Float64Array
  /** Intervals between two spikes of a neuron, per `intervalBin`. */
  readonly intervals: Float64Array
  /** A sample of the units, evenly spread, and their spikes within the raster's window. */
  readonly shown: readonly number[]
  readonly times: readonly number[]
  readonly units: readonly number[]
}

export interface RecordingFigures {
  /** In ms. */
  readonly span: Window
  /** Width of the bins of the rates, in ms. */
  readonly bin: number
  /** The last interval of the span, short enough to tell spikes apart. */
  readonly raster: Window
  readonly groups: readonly GroupFigures[]
}

const MOST_BINS = 240
const MOST_SHOWN = 40
const MOST_MARKS = 6000
/** In ms. */
const LONGEST_RASTER = 1000
const STEPS = [1, 2, 5, 10] as const

const WINDOW: Readers<Window> = { start: readAnyNumber, end: readAnyNumber }

/**
 * Goes through a recording twice, one segment in memory at a time: once to see how long it is and how much fires, once for
 * the figures.
 *
 * Raises `InputError` RECORDING_EMPTY if nothing lies within the span, and what reading raises.
 *
 * @param wanted in ms; what lies outside is left out
 */
export async function recordingFigures(recording: Recording, given: Window): Promise<RecordingFigures> {
  const wanted = recordOf(WINDOW)(given, 'wanted')
  objectWith<Recording>(['segments'], 'a recording, as openRecording gives it')(recording, 'recording')
  listOf(readObject)(recording.groups, 'recording.groups')
  const { span, counts } = await survey(recording, wanted)
  const bin = binFor(span)
  const raster = rasterWindow(recording.groups, counts, span)
  const tallies = new Map(recording.groups.map((group) => [group.name, createGroupTally(group, { span, bin, raster })]))
  for await (const { spikes } of recording.segments())
    for (const [name, { times, units }] of Object.entries(spikes))
      for (let k = 0; k < times.length; k++) tallies.get(name)?.add(times[k] as number, units[k] as number)
  return { span, bin, raster, groups: [...tallies.values()].map((tally) => tally.figures()) }
}

async function survey(recording: Recording, { start, end }: Window) {
  const counts = new Map(recording.groups.map(({ name }) => [name, 0]))
  let [first, last] = [Infinity, 0]
  for await (const { window, spikes } of recording.segments()) {
    first = Math.min(first, window.start)
    last = window.end
    for (const [name, { times }] of Object.entries(spikes)) counts.set(name, (counts.get(name) ?? 0) + times.length)
  }
  const span = { start: Math.max(start, first), end: Math.min(end, last) }
  if (span.start < span.end) {
    const share = (span.end - span.start) / (last - first)
    return { span, counts: new Map([...counts].map(([name, count]) => [name, count * share])) }
  }
  throw new InputError({
    code: 'RECORDING_EMPTY',
    file: recording.path,
    field: 'span',
    found: last === 0 ? 'a recording without a segment' : `a recording of ${first} to ${last} ms`,
    expected: `something between ${start} and ${end} ms`,
  })
}

function binFor({ start, end }: Window): number {
  const rough = (end - start) / MOST_BINS
  const decade = 10 ** Math.floor(Math.log10(rough))
  return decade * (STEPS.find((step) => step * decade >= rough) ?? 10)
}

/** The end of the span, so long that about `MOST_MARKS` spikes of the sample are in it. */
function rasterWindow(groups: readonly RecordedGroup[], counts: ReadonlyMap<string, number>, span: Window): Window {
  const length = span.end - span.start
  const marks = groups.reduce((sum, { name, size }) => {
    return sum + (counts.get(name) ?? 0) * Math.min(1, MOST_SHOWN / size)
  }, 0)
  const shown = Math.min(length, LONGEST_RASTER, length * (marks === 0 ? 1 : MOST_MARKS / marks))
  return { start: span.end - shown, end: span.end }
}

function createGroupTally(
  { name, size }: RecordedGroup,
  { span, bin, raster }: Pick<RecordingFigures, 'span' | 'bin' | 'raster'>,
) {
  const count = Math.min(size, MOST_SHOWN)
  const shown = Array.from({ length: count }, (_, k) => Math.floor((k * size) / count))
  const isShown = new Set(shown)
  const binned = new Float64Array(Math.ceil((span.end - span.start) / bin))
  const intervals = new Float64Array(INTERVAL_BINS)
  const tally = createIntervalTally(size)
  const [times, units]: [number[], number[]] = [[], []]
  let spikes = 0
  const ratePer = (found: number, ms: number) => (1000 * found) / (size * ms)
  return {
    add(time: number, unit: number): void {
      if (!(time >= span.start && time < span.end)) return
      spikes++
      const at = Math.min(binned.length - 1, Math.floor((time - span.start) / bin))
      binned[at] = (binned[at] as number) + 1
      const interval = tally.add(unit, time)
      if (!Number.isNaN(interval)) intervals[intervalBin(interval)] = (intervals[intervalBin(interval)] as number) + 1
      if (time < raster.start || !isShown.has(unit)) return
      times.push(time)
      units.push(unit)
    },
    figures(): GroupFigures {
      const variations = tally.variations()
      const cv = variations.length === 0 ? null : variations.reduce((sum, each) => sum + each, 0) / variations.length
      const lengthOf = (at: number) => Math.min(bin, span.end - span.start - at * bin)
      const rates = binned.map((found, at) => ratePer(found, lengthOf(at)))
      return {
        name,
        size,
        spikes,
        rate: ratePer(spikes, span.end - span.start),
        cv,
        rates,
        intervals,
        shown,
        times,
        units,
      }
    },
  }
}
