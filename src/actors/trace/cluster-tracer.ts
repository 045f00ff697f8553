import type { StepResult } from '../../learning/session.js'
import type { Restart } from '../cluster-session.js'
import type { Partition } from '../partition/partition.js'
import type { GivenStep } from '../session/step-calls.js'
import type { StepFlight } from '../session/training-steps.js'
import type { Flights } from '../session/turns.js'
import type { TraceRecord } from './trace-record.js'
import { createTraceRecorder } from './trace-recorder.js'
import { tracedPartition } from './traced-partition.js'
import { tracedSteps } from './traced-steps.js'

/** What the coordinator does with its partitions, also with those that take the place of others. */
export interface ClusterTracer {
  /** When it began, in microseconds of the clock of the machine. */
  readonly since: number
  /** The partitions that a start has led to, what they are asked for being recorded. */
  started(partitions: readonly Partition[]): TracedCluster
  restarted(restart: Restart): void
  take(): TraceRecord
}

export interface TracedCluster {
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

  /** The partition that takes the place of another one is told of where that one was. */
  function trackOf(core: number): number {
    const known = tracks.get(core) ?? recorder.track(`core ${core}`, core)
    tracks.set(core, known)
    return known
  }

  return {
    since,
    started(partitions) {
      recorder.add({ track, label: start, start: starting, end: now() })
      return {
        partitions: partitions.map((partition) => tracedPartition(partition, recorder, trackOf(partition.core))),
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
