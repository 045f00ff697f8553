import { expect, test } from 'vitest'
import type { ClusterTrace } from '../../../src/actors/cluster-session.js'
import { createClusterTracer } from '../../../src/actors/trace/cluster-tracer.js'
import { createFlowMatcher, type FlowEnd } from '../../../src/actors/trace/flow-matcher.js'
import { createTraceEvents } from '../../../src/actors/trace/trace-events.js'
import { createTraceRecorder, type TraceRecorder } from '../../../src/actors/trace/trace-recorder.js'
import { RunError } from '../../../src/events/errors.js'
import { expectTrace } from '../../support/trace-laws.js'

/** In microseconds, as a machine that has run for a month says it. */
const SINCE = 2.6e12

const DEATH = new RunError({ code: 'CORE_DIED', message: 'Core 1 died.' })

/** The recorder of a core with a link to the other one of two. */
function core(number: number, most?: number) {
  const recorder = createTraceRecorder(() => SINCE + 50, most)
  const track = recorder.track('core 0 - core 1', 1 - number)
  const label = (flow: 'begins' | 'ends') =>
    recorder.label({ name: flow === 'begins' ? 'send spikes a' : 'take spikes a', category: 'link', flow })
  const [begins, ends] = [label('begins'), label('ends')]
  return {
    recorder,
    send: (flow: number, at: number) =>
      recorder.add({ track, label: begins, start: SINCE + at, end: SINCE + at + 0.25, flow }),
    take: (flow: number, at: number) =>
      recorder.add({ track, label: ends, start: SINCE + at, end: SINCE + at + 1, flow }),
  }
}

function taken(coordinator: TraceRecorder | { take(): ClusterTrace['coordinator'] }, ...cores: TraceRecorder[]) {
  return {
    since: SINCE,
    coordinator: coordinator.take(),
    cores: cores.map((recorder, number) => ({
      core: number,
      name: `core ${number}`,
      worker: null,
      ...recorder.take(),
    })),
  } satisfies ClusterTrace
}

test('messages are joined to their arrivals, also those that arrive behind a taking', () => {
  const [coordinator, low, high] = [createTraceRecorder(() => SINCE), core(0), core(1)]
  const eventsOf = createTraceEvents()
  low.send(1, 1)
  low.send(2, 2.125)
  high.send(1, 3)
  high.take(1, 4)
  const first = [...eventsOf(taken(coordinator, low.recorder, high.recorder))]
  high.take(2, 5)
  low.take(1, 6)
  const second = [...eventsOf(taken(coordinator, low.recorder, high.recorder))]
  expectTrace([...first, ...second])
  const flows = [...first, ...second].filter(({ ph }) => ph === 's' || ph === 'f')
  expect(flows.map(({ ph, ts, pid }) => [ph, ts, pid])).toEqual([
    ...[
      ['s', 1, 1],
      ['f', 4, 2],
    ],
    ...[
      ['s', 3, 2],
      ['f', 6, 1],
    ],
    ...[
      ['s', 2.125, 1],
      ['f', 5, 2],
    ],
  ])
  // Names are told once.
  expect(second.filter(({ ph }) => ph === 'M')).toEqual([])
})

test('events that were lost are told where they lack', () => {
  const low = core(0, 1)
  low.send(1, 1)
  low.send(2, 2)
  low.send(3, 3)
  const events = [
    ...createTraceEvents()(
      taken(
        createTraceRecorder(() => SINCE),
        low.recorder,
      ),
    ),
  ]
  expectTrace(events)
  expect(events.filter(({ name }) => name === 'events lost')).toEqual([
    expect.objectContaining({ ph: 'i', pid: 1, ts: 50, args: { events: 2 } }),
  ])
})

test('a trace goes on behind a restart, which says that something is lost, and joins nothing across it', () => {
  let time = SINCE
  const tracer = createClusterTracer(() => time++)
  const eventsOf = createTraceEvents()
  tracer.started([])
  const dead = core(0)
  dead.send(1, 10)
  const before = [...eventsOf(taken(tracer, dead.recorder, core(1).recorder))]
  tracer.restarted({ number: 1, reason: DEATH, repeated: 4 })
  tracer.started([])
  const [low, high] = [core(0), core(1)]
  high.take(1, 30)
  const between = [...eventsOf(taken(tracer, low.recorder, high.recorder))]
  low.send(1, 29)
  const after = [...eventsOf(taken(tracer, low.recorder, high.recorder))]
  const all = [...before, ...between, ...after]
  expectTrace(all)
  expect(all.filter(({ name }) => name === 'restart')).toEqual([
    expect.objectContaining({ ph: 'i', pid: 3, args: { run: 0, repeated: 4 } }),
  ])
  expect(all.filter(({ name }) => name === 'start')).toHaveLength(2)
  expect(all.filter(({ ph }) => ph === 's').map(({ ts }) => ts)).toEqual([29])
})

test('of ends that wait for their others the oldest is forgotten first', () => {
  const flows = createFlowMatcher(2)
  const end = (key: string, kind: FlowEnd['end']): FlowEnd => ({
    ...{ key, end: kind, place: { pid: 1, tid: 1 }, ts: 0, name: 'link' },
  })
  for (const key of ['a', 'b', 'c']) expect(flows.take(end(key, 'begins'))).toEqual([])
  expect(['b', 'c', 'a'].map((key) => flows.take(end(key, 'ends')).length)).toEqual([2, 2, 0])
})
