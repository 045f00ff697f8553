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
 * thread. Times count from when the session was opened. An arrow is told once both of its ends are known.
 */
export function createTraceEvents(): (trace: ClusterTrace) => readonly TraceEvent[] {
  const flows = createFlowMatcher()
  /** What each process and thread was last called. */
  const names = new Map<string, string>()
  let spans = 0

  return ({ since, coordinator, cores }) => {
    const last = cores.reduce((most, { core }) => Math.max(most, core), COORDINATOR)
    const told: TraceEvent[] = []
    const own = { core: COORDINATOR, pid: last + 2, name: 'coordinator', rank: 0, record: coordinator }
    tell(own, since, told)
    for (const trace of cores) {
      const { core } = trace
      tell({ core, pid: core + 1, name: nameOf(trace), rank: core + 1, record: trace }, since, told)
    }
    return told
  }

  function tell(recorded: Recorded, since: number, told: TraceEvent[]): void {
    const { pid, record } = recorded
    const { tracks, labels, events, lost, until } = record
    nameProcess(recorded, told)
    for (const [track, { name }] of tracks.entries()) nameThread({ pid, tid: track + 1 }, name, told)
    const time = (microseconds: number) => Math.round((microseconds - since) * 1000)
    events.track.forEach((track, k) => {
      const label = labels[events.label[k] as number] as TraceLabel
      const place = { pid, tid: track + 1 }
      const [start, end] = [time(events.start[k] as number), time(events.end[k] as number)]
      const args = argsOf(label, events.run[k] as number, events.amount[k] as number)
      told.push(...eventsOf(label, place, start, end, args))
      const flow = events.flow[k] as number
      if (label.flow !== null && flow !== 0) {
        const key = flowKey(recorded.core, tracks[track] as TraceTrack, label.flow, flow)
        told.push(...flows.take({ key, end: label.flow, place, ts: start / 1000, name: label.category }))
      }
      // Whatever was on its way is lost, and numbers begin anew.
      if (label.name === RESTART && recorded.core === COORDINATOR) flows.clear()
    })
    if (lost > 0) {
      const args = { events: lost }
      told.push({ name: 'events lost', cat: 'trace', ph: 'i', s: 'p', ts: time(until) / 1000, pid, tid: 1, args })
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

  function nameProcess({ pid, name, rank }: Recorded, told: TraceEvent[]): void {
    if (names.get(`${pid}`) === name) return
    names.set(`${pid}`, name)
    const place = { pid, tid: 0 }
    told.push({ name: 'process_name', ph: 'M', ts: 0, ...place, args: { name } })
    told.push({ name: 'process_sort_index', ph: 'M', ts: 0, ...place, args: { sort_index: rank } })
  }

  function nameThread(place: Place, name: string, told: TraceEvent[]): void {
    const key = `${place.pid}/${place.tid}`
    if (names.get(key) === name) return
    names.set(key, name)
    told.push({ name: 'thread_name', ph: 'M', ts: 0, ...place, args: { name } })
    told.push({ name: 'thread_sort_index', ph: 'M', ts: 0, ...place, args: { sort_index: place.tid } })
  }
}

function nameOf({ core, worker }: CoreTrace): string {
  return worker === null ? `core ${core}` : `core ${core}, ${worker.kind} ${worker.id}`
}

function argsOf({ amount: counted }: TraceLabel, run: number, amount: number): Readonly<Record<string, number>> {
  return counted === null ? { run } : { run, [counted]: amount }
}

/** The same at both ends of an arrow. */
function flowKey(core: number, { peer }: TraceTrack, end: TraceLabel['flow'], flow: number): string {
  const [from, to] = end === 'begins' ? [core, peer] : [peer, core]
  return `${from}>${to}:${flow}`
}
