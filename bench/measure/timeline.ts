import { openCluster, placeOnCores, type StepOptions } from '../../dist/index.js'
import type { Workload } from '../workloads.js'
import { SEED } from './count-spikes.js'
import { createTrainer } from './trainer.js'

/** What a process does, as the time line tells it apart. */
export const ACTIVITIES = [
  'kernels',
  'loss, optimiser, report',
  'messages',
  'sums sent and added',
  'waiting for sums',
  'orders',
] as const
export type Activity = (typeof ACTIVITIES)[number]

/** Something that a process did, in ms from the beginning of the time line. */
export interface Interval {
  readonly activity: Activity
  readonly start: number
  readonly end: number
}

/** What one process did in the course of a mini-batch. */
export interface ProcessLine {
  readonly name: string
  readonly intervals: readonly Interval[]
}

/** One mini-batch: from when the first partition begins it to when the first begins the next. */
export interface Timeline {
  /** In ms. */
  readonly length: number
  readonly processes: readonly ProcessLine[]
}

export interface TimelineOptions {
  readonly workload: Workload
  readonly step: StepOptions
  readonly transport: 'thread' | 'websocket'
  readonly partitions: number
  readonly replicas: number
  readonly quick: boolean
}

/** The time line of the mini-batch that takes the median of the times, among those of two seconds in the steady state. */
export async function takeTimeline(options: TimelineOptions): Promise<Timeline> {
  const { workload, step, transport, partitions, replicas, quick } = options
  const placement = placeOnCores(workload.task.network, partitions)
  const session = await openCluster(workload.task.network, placement, { seed: SEED, transport, replicas, trace: true })
  try {
    const trainer = createTrainer(session, workload, step)
    await trainer.trainFor(quick ? 0.1 : 15)
    await session.trace()
    await trainer.trainFor(quick ? 0.2 : 2)
    const nameOf = ({ core, name }: CoreTrace) => (replicas > 1 && partitions === 1 ? `replica ${core}` : name)
    return timelineOf(await session.trace(), nameOf)
  } finally {
    await session.close()
  }
}

type ClusterTrace = Awaited<ReturnType<Awaited<ReturnType<typeof openCluster>>['trace']>>

type CoreTrace = ClusterTrace['cores'][number]

/** A span of a trace, in microseconds. */
interface Span {
  readonly name: string
  readonly category: string
  readonly run: number
  readonly start: number
  readonly end: number
}

function timelineOf({ coordinator, cores }: ClusterTrace, nameOf: (core: CoreTrace) => string): Timeline {
  const lines = [
    { name: 'coordinator', spans: spansOf(coordinator) },
    ...cores.map((core) => ({ name: nameOf(core), spans: spansOf(core) })),
  ]
  const begun = new Map<number, number>()
  for (const { spans } of lines.slice(1))
    for (const { name, run, start } of spans)
      if (name === 'run') begun.set(run, Math.min(start, begun.get(run) ?? Infinity))
  const times = [...begun].flatMap(([run, start]) => {
    const next = begun.get(run + 1)
    return next === undefined ? [] : [{ start, length: next - start }]
  })
  const { start, length } = times.sort((a, b) => a.length - b.length)[times.length >> 1] ?? { start: 0, length: 0 }
  return {
    length: length / 1000,
    processes: lines.map(({ name, spans }) => ({ name, intervals: intervalsIn(spans, start, start + length) })),
  }
}

function spansOf({ labels, events }: ClusterTrace['coordinator']): readonly Span[] {
  return Array.from(events.label, (place, k) => {
    const { name = '', category = '' } = labels[place] ?? {}
    return { name, category, run: events.run[k] ?? 0, start: events.start[k] ?? 0, end: events.end[k] ?? 0 }
  })
}

/** What lies within a window, cut at its ends. */
function intervalsIn(spans: readonly Span[], from: number, to: number): readonly Interval[] {
  return spans.flatMap(({ name, category, start, end }) => {
    const activity = activityOf(name, category)
    if (activity === null || end <= from || start >= to || start === end) return []
    return [{ activity, start: (Math.max(start, from) - from) / 1000, end: (Math.min(end, to) - from) / 1000 }]
  })
}

/** Null for what is made up of other spans. */
function activityOf(name: string, category: string): Activity | null {
  if (category === 'kernel') return 'kernels'
  if (name === 'wait for sums') return 'waiting for sums'
  // Messages over links between replicas lie within these.
  if (name.endsWith(' sums')) return category === 'link' ? null : 'sums sent and added'
  if (category === 'learning') return 'loss, optimiser, report'
  if (category === 'link') return 'messages'
  return name === 'order run' ? 'orders' : null
}

/** In ms: how long a process did something, and how long none of it. */
export function timesOf({ intervals }: ProcessLine, length: number): Readonly<Record<Activity | 'the rest', number>> {
  const time = (activity: Activity) =>
    intervals.filter((each) => each.activity === activity).reduce((sum, { start, end }) => sum + end - start, 0)
  const times = Object.fromEntries(ACTIVITIES.map((activity) => [activity, time(activity)])) as Record<Activity, number>
  return { ...times, 'the rest': length - ACTIVITIES.reduce((sum, activity) => sum + times[activity], 0) }
}
