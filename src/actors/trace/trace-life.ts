import type { LifeCycle } from '../group/life-cycle.js'
import type { TraceRecorder } from './trace-recorder.js'

type Phase = 'forward' | 'backward'

const PHASES: ReadonlyMap<string, Phase> = new Map([
  ['forward', 'forward'],
  ['forwardThenBackward', 'forward'],
  ['backward', 'backward'],
])

/** Records the phases of an actor, waiting included, and its failures. */
export function traceLife(life: LifeCycle, recorder: TraceRecorder, track: number): void {
  const phases: Readonly<Record<Phase, number>> = {
    forward: recorder.label({ name: 'forward', category: 'actor' }),
    backward: recorder.label({ name: 'backward', category: 'actor' }),
  }
  const failed = recorder.label({ name: 'failed', category: 'actor', shape: 'instant' })
  let open: { readonly phase: Phase; readonly start: number; readonly run: number } | null = null
  let value: string = life.getSnapshot().value
  life.subscribe((snapshot) => {
    if (snapshot.value === value) return
    value = snapshot.value
    const now = recorder.now()
    if (open !== null) {
      const { phase, start, run } = open
      recorder.add({ track, label: phases[phase], start, end: now, run })
    }
    const phase = PHASES.get(value)
    open = phase === undefined ? null : { phase, start: now, run: recorder.run }
    if (value === 'failed') recorder.add({ track, label: failed, start: now })
  })
}
