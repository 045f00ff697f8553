import type { StepResult } from '../../learning/session.js'
import type { GivenStep } from '../session/step-calls.js'
import type { StepFlight } from '../session/training-steps.js'
import type { Flights } from '../session/turns.js'
import type { TraceRecorder } from './trace-recorder.js'

type Steps = Flights<GivenStep, StepFlight, StepResult>

/** The same training steps, recorded from when each is set going until it is known what came of it. */
export function tracedSteps(steps: Steps, recorder: TraceRecorder, track: number): Steps {
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
