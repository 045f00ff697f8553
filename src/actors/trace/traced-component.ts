import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { aroundEveryVerb, type ComponentVerb, observedComponent } from '../group/observed-component.js'
import type { TraceLabel } from './trace-record.js'
import type { TraceRecorder } from './trace-recorder.js'

/** The same component, whose work is recorded on a track. */
export function tracedComponent(component: ComponentKernel, recorder: TraceRecorder, track: number): ComponentKernel {
  const name = component.kernels.map(({ values }) => values.name).join('+')
  const spansOf = (verb: ComponentVerb) => {
    const label = { name: `${inWords(verb)} ${name}`, category: 'kernel', amount: AMOUNTS[verb] ?? null } as const
    return recorder.spans(track, recorder.label(label))
  }
  const every = aroundEveryVerb(spansOf)
  const [receive, advance] = [spansOf('receive'), spansOf('advance')]
  return observedComponent(component, {
    ...every,
    receive: (work, _, { times }) => receive(work, () => times.length),
    advance: (work) => advance(work, spikesIn),
  })
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
