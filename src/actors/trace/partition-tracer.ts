import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { Link } from '../../streams/link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import type { LifeCycle } from '../group/life-cycle.js'
import type { RunStages, Stage } from './run-stages.js'
import { traceLife } from './trace-life.js'
import type { PartitionTrace } from './trace-record.js'
import { createTraceRecorder } from './trace-recorder.js'
import { tracedComponent } from './traced-component.js'
import { tracedLink } from './traced-link.js'

/** Records what the actors, links and kernels of one partition do. */
export interface PartitionTracer {
  /** The same links, whose messages are recorded. */
  links(links: ReadonlyMap<number, Link>): ReadonlyMap<number, Link>
  /** The same component, whose work is recorded. */
  component(component: ComponentKernel): ComponentKernel
  readonly stages: RunStages
  /** Records the phases of the actors: the loss, and those that are called as their groups are. */
  watch(loss: { readonly life: LifeCycle }, others: readonly { readonly life: LifeCycle }[]): void
  /** A run begins; what happens belongs to it until the next one does. */
  begin(run: number): void
  /** The run under way ends. */
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
    links: (links) => new Map([...links].map(([peer, link]) => [peer, tracedLink(link, recorder, { peer, groupOf })])),
    component(component) {
      const actor = component.kernels.map(({ values }) => values.name).join('+')
      return tracedComponent(component, recorder, trackOf(actor))
    },
    stages: {
      loss: stage(loss, 'evaluate loss'),
      gradient: stage(runs, 'sum gradient'),
      step: stage(runs, 'optimizer step'),
      report: stage(runs, 'report'),
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
