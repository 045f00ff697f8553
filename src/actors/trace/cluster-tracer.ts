import type { StepResult } from '../../learning/session.js'
import type { Restart } from '../cluster-session.js'
import type { Partition, RunOrder, RunReport } from '../partition/partition.js'
import type { GivenStep } from '../session/step-calls.js'
import type { StepFlight } from '../session/training-steps.js'
import type { Flights } from '../session/turns.js'
import { nameOfCore } from '../supervision/name-of-cores.js'
import type { TraceRecord } from './trace-record.js'
import { createTraceRecorder, type TraceRecorder } from './trace-recorder.js'

/** What the coordinator does with its partitions, also with those that take the place of others. */
export interface ClusterTracer {
  /** When it began, in microseconds of the clock of the machine. */
  readonly since: number
  /**
   * The partitions that a start has led to, what they are asked for being recorded.
   *
   * @param each cores that every replica has; default: there are no replicas
   */
  started(partitions: readonly Partition[], each?: number): TracedCluster
  restarted(restart: Restart): void
  take(): TraceRecord
}

interface TracedCluster {
  readonly partitions: readonly Partition[]
  steps(steps: Flights<GivenStep, StepFlight, StepResult>): Flights<GivenStep, StepFlight, StepResult>
}

/** The name of the event at which everything that the partitions before it had recorded is lost. */
export const RESTART = 'restart'

/** @param now a clock in microseconds, the same for all partitions */
export function createClusterTracer(now: () => number): ClusterTracer {
  const recorder = createTraceRecorder(now)
  const track = recorder.track('cluster')
  const stepsTrack = recorder.track('steps')
  const tracks = new Map<number, number>()
  const start = recorder.label({ name: 'start', category: 'session' })
  const restart = recorder.label({ name: RESTART, category: 'session', shape: 'instant', amount: 'repeated' })
  const since = now()
  let starting = since

  /** A partition that takes the place of another one is recorded on the same track. */
  function trackOf(core: number, each: number | undefined): number {
    const known = tracks.get(core) ?? recorder.track(nameOfCore(core, each), core)
    tracks.set(core, known)
    return known
  }

  return {
    since,
    started(partitions, each) {
      recorder.add({ track, label: start, start: starting, end: now() })
      return {
        partitions: partitions.map((partition) => tracedPartition(partition, recorder, trackOf(partition.core, each))),
        steps: (steps) => tracedSteps(steps, recorder, stepsTrack),
      }
    },
    restarted({ repeated }) {
      starting = now()
      recorder.add({ track, label: restart, start: starting, amount: repeated })
    },
    take: () => recorder.take(),
  }
}

type Steps = Flights<GivenStep, StepFlight, StepResult>

/** The same training steps, recorded from when each is set going until it is known what came of it. */
function tracedSteps(steps: Steps, recorder: TraceRecorder, track: number): Steps {
  const step = recorder.label({ name: 'step', category: 'session', shape: 'async' })
  const alone = recorder.label({ name: 'step alone', category: 'session', shape: 'async' })
  const undone = recorder.label({ name: 'steps undone', category: 'session', shape: 'instant' })
  const starts = new WeakMap<StepFlight, number>()

  /** Records when it is settled. */
  function until<Result>(settling: Promise<Result>, label: number, start: number, run: number): Promise<Result> {
    const settled = () => recorder.add({ track, label, start, end: recorder.now(), run })
    settling.then(settled, settled)
    return settling
  }

  return {
    ...steps,
    begin(given, isAhead) {
      const start = recorder.now()
      const flight = steps.begin(given, isAhead)
      starts.set(flight, start)
      return flight
    },
    end: (flight) => until(steps.end(flight), step, starts.get(flight) ?? recorder.now(), flight.ordered.number),
    undo(flights) {
      for (const { ordered } of flights)
        recorder.add({ track, label: undone, start: recorder.now(), run: ordered.number })
      return steps.undo(flights)
    },
    alone(given) {
      const start = recorder.now()
      const taken = steps.alone(given)
      // By now the run is ordered.
      return until(taken, alone, start, recorder.run)
    },
  }
}

/** The same partition, as its coordinator sees it: what it is ordered to do, and when the replies come, is recorded. */
function tracedPartition(partition: Partition, recorder: TraceRecorder, track: number): Partition {
  const order = recorder.label({ name: 'order run', category: 'session', flow: 'begins' })
  const heard = recorder.label({ name: 'report heard', category: 'session', shape: 'instant' })
  const failed = recorder.label({ name: 'run failed', category: 'session', shape: 'instant' })
  const ordered = recorder.label({ name: 'run', category: 'session', shape: 'async' })

  function run(given: RunOrder): Promise<RunReport> {
    const { number } = given
    recorder.run = number
    const start = recorder.now()
    const reported = partition.run(given)
    recorder.add({ track, label: order, start, end: recorder.now(), flow: number })
    const settled = (label: number) => () => {
      const end = recorder.now()
      recorder.add({ track, label: ordered, start, end, run: number })
      recorder.add({ track, label, start: end, run: number })
    }
    reported.then(settled(heard), settled(failed))
    return reported
  }

  /** The same call, recorded until its reply comes. */
  function called<Given extends readonly unknown[], Reply>(
    name: string,
    call: (...given: Given) => Promise<Reply>,
  ): (...given: Given) => Promise<Reply> {
    const label = recorder.label({ name, category: 'session', shape: 'async' })
    return (...given) => {
      const start = recorder.now()
      const replied = call(...given)
      const settled = () => recorder.add({ track, label, start, end: recorder.now() })
      replied.then(settled, settled)
      return replied
    }
  }

  return {
    ...partition,
    run,
    squares: called('squares', partition.squares),
    states: called('states', partition.states),
    update: called('update', partition.update),
    undo: called('undo', partition.undo),
    parameters: called('parameters', partition.parameters),
    save: called('save', partition.save),
    restore: called('restore', partition.restore),
  }
}
