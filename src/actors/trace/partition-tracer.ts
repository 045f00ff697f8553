import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Link } from '../../streams/link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import type { LifeCycle } from '../group/life-cycle.js'
import { aroundEveryVerb, type ComponentObserver, type ComponentVerb } from '../group/observed-component.js'
import { type RunStages, type Stage, SUMS_STAGES } from './run-stages.js'
import type { PartitionTrace, TraceLabel } from './trace-record.js'
import { createTraceRecorder, type TraceRecorder } from './trace-recorder.js'
import { tracedLink } from './traced-link.js'

/** Records what the actors, links and kernels of one partition do. */
export interface PartitionTracer {
  /** The same link to a member of the cluster, whose messages are recorded. */
  link(link: Link, peer: number): Link
  /** Records the work of a component. */
  component(component: ComponentKernel): ComponentObserver
  readonly stages: RunStages
  /** Records the phases of the actors: the loss, and those that are called as their groups are. */
  watch(loss: { readonly life: LifeCycle }, others: readonly { readonly life: LifeCycle }[]): void
  /** A run begins; what happens belongs to it until the next one does. */
  begin(run: number): void
  /** The current run ends. */
  end(): void
  take(): PartitionTrace
}

/**
 * @param now a clock in microseconds, the same for all partitions
 * @param groupOf the emitting group of a stream
 */
export function createPartitionTracer(
  core: number,
  now: () => number,
  groupOf: (stream: number) => string,
): PartitionTracer {
  const recorder = createTraceRecorder(now)
  const runs = recorder.track('runs', COORDINATOR)
  const loss = recorder.track('loss')
  const tracks = new Map<string, number>()
  const run = recorder.label({ name: 'run', category: 'session', flow: 'ends' })
  const sums = new Map(
    SUMS_STAGES.map((name) => [name, recorder.label({ name, category: 'learning', amount: 'bytes' })]),
  )
  let begun: { readonly start: number; readonly number: number } | null = null

  function trackOf(actor: string): number {
    const track = tracks.get(actor) ?? recorder.track(actor)
    tracks.set(actor, track)
    return track
  }

  function stage(track: number, name: string): Stage {
    const spans = recorder.spans(track, recorder.label({ name, category: 'learning' }))
    return (work) => spans(work)
  }

  return {
    link: (link, peer) => tracedLink(link, recorder, { peer, groupOf }),
    component(component) {
      const actor = component.kernels.map(({ values }) => values.name).join('+')
      return traceComponent(component, recorder, trackOf(actor))
    },
    stages: {
      loss: stage(loss, 'evaluate loss'),
      gradient: stage(runs, 'sum gradient'),
      step: stage(runs, 'optimizer step'),
      report: stage(runs, 'report'),
      sums(name) {
        const [label, start] = [sums.get(name) as number, now()]
        return (amount) => recorder.add({ track: runs, label, start, end: now(), amount })
      },
    },
    watch(actor, others) {
      traceLife(actor.life, recorder, loss)
      for (const { life } of others) traceLife(life, recorder, trackOf(life.id))
    },
    begin(number) {
      recorder.run = number
      begun = { start: now(), number }
    },
    end() {
      if (begun === null) return
      const { start, number } = begun
      begun = null
      recorder.add({ track: runs, label: run, start, end: now(), run: number, flow: number })
    },
    take: () => ({ core, ...recorder.take() }),
  }
}

type Phase = 'forward' | 'backward'

const PHASES: ReadonlyMap<string, Phase> = new Map([
  ['forward', 'forward'],
  ['forwardThenBackward', 'forward'],
  ['backward', 'backward'],
])

/** Records the phases of an actor, waiting included, and its failures. */
function traceLife(life: LifeCycle, recorder: TraceRecorder, track: number): void {
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

/** Records the work of a component on a track. */
function traceComponent(component: ComponentKernel, recorder: TraceRecorder, track: number): ComponentObserver {
  const name = component.kernels.map(({ values }) => values.name).join('+')
  const spansOf = (verb: ComponentVerb) => {
    const label = { name: `${inWords(verb)} ${name}`, category: 'kernel', amount: AMOUNTS[verb] ?? null } as const
    return recorder.spans(track, recorder.label(label))
  }
  const every = aroundEveryVerb(spansOf)
  const [receive, advance] = [spansOf('receive'), spansOf('advance')]
  return {
    ...every,
    receive: (work, _, { times }) => receive(work, () => times.length),
    advance: (work) => advance(work, spikesIn),
  }
}

/** What is counted of a verb beside its time. */
const AMOUNTS: Readonly<Partial<Record<ComponentVerb, TraceLabel['amount']>>> = { receive: 'spikes', advance: 'spikes' }

/** Such as `begin backward`. */
function inWords(verb: ComponentVerb): string {
  return verb.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function spikesIn(groups: readonly SpikeTrains[]): number {
  return groups.reduce((sum, { times }) => sum + times.length, 0)
}
