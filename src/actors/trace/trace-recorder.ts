import type { TraceColumns, TraceLabel, TraceRecord, TraceTrack } from './trace-record.js'

/** Something that happened. */
interface TracedEvent {
  readonly track: number
  readonly label: number
  /** In microseconds. */
  readonly start: number
  /** Default: the start. */
  readonly end?: number
  /** Default: the current run. */
  readonly run?: number
  readonly flow?: number
  readonly amount?: number
}

/** Does some work, and records when. */
type Spanned = <Result>(work: () => Result, amountOf?: (result: Result) => number) => Result

/** Keeps what happens until it is taken away. */
export interface TraceRecorder {
  /** The number of the run that events belong to. */
  run: number
  /** In microseconds. */
  now(): number
  /** A new track; the number is its place. */
  track(name: string, peer?: number | null): number
  /** The place of a label, the same one for the same label. */
  label(label: Pick<TraceLabel, 'name' | 'category'> & Partial<TraceLabel>): number
  add(event: TracedEvent): void
  /** What records spans of one kind. */
  spans(track: number, label: number): Spanned
  take(): TraceRecord
}

/** Events between two takings. */
const MOST_EVENTS = 2 ** 20

/**
 * A recorder with room for a number of events between two takings; it counts the events beyond.
 *
 * @param now a clock in microseconds
 * @param most largest number of events that are kept
 */
export function createTraceRecorder(now: () => number, most: number = MOST_EVENTS): TraceRecorder {
  const tracks: TraceTrack[] = []
  const labels: TraceLabel[] = []
  const known = new Map<string, number>()
  let columns = emptyColumns()
  let lost = 0

  const recorder: TraceRecorder = {
    run: 0,
    now,
    track: (name, peer = null) => tracks.push({ name, peer }) - 1,
    label({ name, category, shape = 'span', flow = null, amount = null }) {
      const label: TraceLabel = { name, category, shape, flow, amount }
      const key = JSON.stringify(label)
      const place = known.get(key) ?? labels.push(label) - 1
      known.set(key, place)
      return place
    },
    add({ track, label, start, end = start, run = recorder.run, flow = 0, amount = 0 }) {
      if (columns.track.length >= most) {
        lost++
        return
      }
      columns.track.push(track)
      columns.label.push(label)
      columns.start.push(start)
      columns.end.push(end)
      columns.run.push(run)
      columns.flow.push(flow)
      columns.amount.push(amount)
    },
    spans: (track, label) => (work, amountOf) => {
      const start = now()
      let amount = 0
      try {
        const result = work()
        amount = amountOf?.(result) ?? 0
        return result
      } finally {
        recorder.add({ track, label, start, end: now(), amount })
      }
    },
    take() {
      const taken: TraceRecord = {
        tracks: [...tracks],
        labels: [...labels],
        events: packed(columns),
        lost,
        until: now(),
      }
      columns = emptyColumns()
      lost = 0
      return taken
    },
  }
  return recorder
}

type Lists = { readonly [Column in keyof TraceColumns]: number[] }

function emptyColumns(): Lists {
  return { track: [], label: [], start: [], end: [], run: [], flow: [], amount: [] }
}

function packed({ track, label, start, end, run, flow, amount }: Lists): TraceColumns {
  return {
    track: Uint32Array.from(track),
    label: Uint32Array.from(label),
    start: Float64Array.from(start),
    end: Float64Array.from(end),
    run: Uint32Array.from(run),
    flow: Uint32Array.from(flow),
    amount: Float64Array.from(amount),
  }
}
