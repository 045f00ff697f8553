import type { EventRecordings } from '../../data/recordings/event-recordings.js'
import { lateNotes, rateNotes } from '../../data/recordings/task/event-notes.js'
import type { EventNote } from '../../data/recordings/task/split-recordings.js'
import { shapeSize } from '../../data/shape-size.js'
import { classNameOf } from '../../learning/class-name.js'

/** What a set of recordings holds, in numbers. */
export interface RecordingFigures {
  readonly recordings: number
  readonly events: number
  readonly shape: readonly number[]
  /** Events per recording. */
  readonly perRecording: { readonly least: number; readonly mean: number; readonly most: number }
  /** Recordings without events. */
  readonly empty: number
  /** Units that never have an event. */
  readonly silentUnits: number
  /** End of the last event, in ms. */
  readonly lastMs: number
  /** Events per second, over all recordings up to their last event: of a recording, and of one of its units. */
  readonly ratesHz: { readonly recording: number; readonly unit: number }
  readonly classes: readonly ClassFigures[]
  readonly groups: Readonly<Record<string, GroupFigures>>
  readonly digest: string
}

interface ClassFigures {
  readonly label: number
  readonly name: string
  readonly recordings: number
  /** Mean events per recording. */
  readonly events: number
}

interface GroupFigures {
  readonly values: number
  /** The first ones, with their recordings. */
  readonly first: readonly { readonly value: string | number; readonly recordings: number }[]
}

/** Values of a group that are named. */
const NAMED = 40

/** What a set of recordings holds, and what a person should know of it: that its times seem to be wrong. */
export function describeRecordings(recordings: EventRecordings): {
  readonly figures: RecordingFigures
  readonly notes: readonly EventNote[]
} {
  const { count, classes, classNames, shape, labels, groups, digest } = recordings
  const size = shapeSize(shape)
  const counts = new Float64Array(count)
  const seen = new Set<number>()
  const firsts = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  let [lastMs, duration, longest] = [0, 0, 0]
  for (let k = 0; k < count; k++) {
    const { times, units } = recordings.trial(k)
    counts[k] = times.length
    for (const unit of units) seen.add(unit)
    const [first = Number.POSITIVE_INFINITY] = times
    const end = times.at(-1) ?? 0
    firsts[k] = first
    lastMs = Math.max(lastMs, end)
    longest = Math.max(longest, end - first)
    duration += end
  }
  const events = counts.reduce((sum, each) => sum + each, 0)
  const rate = duration === 0 ? 0 : (1000 * events) / duration
  const figures = {
    ...{ recordings: count, events, shape },
    perRecording: {
      least: counts.reduce((a, b) => Math.min(a, b)),
      mean: events / count,
      most: counts.reduce((a, b) => Math.max(a, b)),
    },
    empty: counts.filter((each) => each === 0).length,
    silentUnits: size - seen.size,
    lastMs,
    ratesHz: { recording: rate, unit: rate / size },
    classes: Array.from({ length: classes }, (_, label) => {
      const own = counts.filter((_each, k) => labels[k] === label)
      const mean = own.length === 0 ? 0 : own.reduce((sum, each) => sum + each, 0) / own.length
      return { label, name: classNameOf(classNames, label), recordings: own.length, events: mean }
    }),
    groups: Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, groupFigures(values)])),
    digest,
  }
  return { figures, notes: [...lateNotes({ firsts, longest }), ...rateNotes({ events, duration }, recordings)] }
}

function groupFigures(values: readonly (string | number)[]): GroupFigures {
  const found = new Map<string | number, number>()
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1)
  const first = [...found].slice(0, NAMED).map(([value, recordings]) => ({ value, recordings }))
  return { values: found.size, first }
}
