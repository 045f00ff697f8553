import type { TraceEvent } from '../../storage/trace-file.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import type { ClusterTrace, CoreTrace } from '../cluster-session.js'
import { RESTART } from './cluster-tracer.js'
import { createFlowMatcher } from './flow-matcher.js'
import type { TraceLabel, TraceRecord, TraceTrack } from './trace-record.js'

/** Where something happened, as viewers name it. */
interface Place {
  readonly pid: number
  readonly tid: number
}

/** Where a record was made. */
interface Recorded {
  /** `COORDINATOR`, or a core. */
  readonly core: number
  readonly pid: number
  readonly name: string
  /** Place among the processes of the viewer. */
  readonly rank: number
  readonly record: TraceRecord
}

/**
 * What a cluster has recorded, taking after taking, as events that viewers of traces read.
 *
 * A core is a process of the viewer with the number of the core + 1, the coordinator one behind them; an actor or link is a
 * thread. Times count from when the session was opened. An arrow is emitted once both of its ends are known.
 */
export function createTraceEvents(): (trace: ClusterTrace) => Iterable<TraceEvent> {
  const flows = createFlowMatcher()
  /** What each process and thread was last called. */
  const names = new Map<string, string>()
  let spans = 0

  return eventsIn

  function* eventsIn({ since, coordinator, cores }: ClusterTrace): Iterable<TraceEvent> {
    const last = cores.reduce((most, { core }) => Math.max(most, core), COORDINATOR)
    const own = { core: COORDINATOR, pid: last + 2, name: 'coordinator', rank: 0, record: coordinator }
    yield* tell(own, since)
    for (const trace of cores) {
      const { core } = trace
      yield* tell({ core, pid: core + 1, name: nameOf(trace), rank: core + 1, record: trace }, since)
    }
  }

  function* tell(recorded: Recorded, since: number): Iterable<TraceEvent> {
    const { pid, record } = recorded
    const { tracks, labels, events, lost, until } = record
    yield* nameOnce('process', { pid, tid: 0 }, recorded.name, recorded.rank)
    for (const [track, { name }] of tracks.entries())
      yield* nameOnce('thread', { pid, tid: track + 1 }, name, track + 1)
    const time = (microseconds: number) => Math.round((microseconds - since) * 1000)
    for (const [k, track] of events.track.entries()) {
      const label = labels[events.label[k] as number] as TraceLabel
      const place = { pid, tid: track + 1 }
      const [start, end] = [time(events.start[k] as number), time(events.end[k] as number)]
      const args = argsOf(label, events.run[k] as number, events.amount[k] as number)
      yield* eventsOf(label, place, start, end, args)
      const flow = events.flow[k] as number
      if (label.flow !== null && flow !== 0) {
        const key = flowKey(recorded.core, tracks[track] as TraceTrack, label.flow, flow)
        yield* flows.take({ key, end: label.flow, place, ts: start / 1000, name: label.category })
      }
      // All messages in flight are lost, and numbers begin again.
      if (label.name === RESTART && recorded.core === COORDINATOR) flows.clear()
    }
    if (lost > 0) {
      const args = { events: lost }
      yield { name: 'events lost', cat: 'trace', ph: 'i', s: 'p', ts: time(until) / 1000, pid, tid: 1, args }
    }
  }

  function eventsOf(
    { name, category: cat, shape }: TraceLabel,
    place: Place,
    start: number,
    end: number,
    args: Readonly<Record<string, number>>,
  ): readonly TraceEvent[] {
    const [ts, close] = [start / 1000, end / 1000]
    if (shape === 'instant') return [{ name, cat, ph: 'i', s: 't', ts, ...place, args }]
    // The difference of the rounded times: what lay within a span still does.
    if (shape === 'span') return [{ name, cat, ph: 'X', ts, dur: (end - start) / 1000, ...place, args }]
    const id = ++spans
    return [
      { name, cat, ph: 'b', id, ts, ...place, args },
      { name, cat, ph: 'e', id, ts: close, ...place, args },
    ]
  }

  /** Unless it is called so already. */
  function* nameOnce(kind: 'process' | 'thread', place: Place, name: string, rank: number): Iterable<TraceEvent> {
    const key = `${kind} ${place.pid}/${place.tid}`
    if (names.get(key) === name) return
    names.set(key, name)
    yield { name: `${kind}_name`, ph: 'M', ts: 0, ...place, args: { name } }
    yield { name: `${kind}_sort_index`, ph: 'M', ts: 0, ...place, args: { sort_index: rank } }
  }
}

function nameOf({ name, worker }: CoreTrace): string {
  return worker === null ? name : `${name}, ${worker.kind} ${worker.id}`
}

function argsOf({ amount: counted }: TraceLabel, run: number, amount: number): Readonly<Record<string, number>> {
  return counted === null ? { run } : { run, [counted]: amount }
}

/** The same at both ends of an arrow. */
function flowKey(core: number, { peer }: TraceTrack, end: TraceLabel['flow'], flow: number): string {
  const [from, to] = end === 'begins' ? [core, peer] : [peer, core]
  return `${from}>${to}:${flow}`
}
