import type { ComponentKernel } from '../../dynamics/component-kernel.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { TraceLabel } from './trace-record.js'
import type { TraceRecorder } from './trace-recorder.js'

/** The same component, whose work is recorded on a track. */
export function tracedComponent(component: ComponentKernel, recorder: TraceRecorder, track: number): ComponentKernel {
  const name = component.kernels.map(({ values }) => values.name).join('+')
  const spansOf = (verb: string, amount: TraceLabel['amount'] = null) =>
    recorder.spans(track, recorder.label({ name: `${verb} ${name}`, category: 'kernel', amount }))
  const begin = spansOf('begin')
  const resume = spansOf('resume')
  const receive = spansOf('receive', 'spikes')
  const advance = spansOf('advance', 'spikes')
  const beginBackward = spansOf('begin backward')
  const retreat = spansOf('retreat')
  const takeAnswers = spansOf('take answers')
  return {
    kernels: component.kernels,
    inputs: component.inputs,
    smallestDelays: () => component.smallestDelays(),
    begin: (options) => begin(() => component.begin(options)),
    reach: (horizon, promised) => component.reach(horizon, promised),
    nextEvent: () => component.nextEvent(),
    resume: (options, start, states) => resume(() => component.resume(options, start, states)),
    saveStates: () => component.saveStates(),
    receive(input, batch) {
      receive(
        () => component.receive(input, batch),
        () => batch.times.length,
      )
    },
    advance: (horizon) => advance(() => component.advance(horizon), spikesIn),
    beginBackward: (peakGradients) => beginBackward(() => component.beginBackward(peakGradients)),
    retreat: (returned) => retreat(() => component.retreat(returned)),
    takeAnswers: () => takeAnswers(() => component.takeAnswers()),
  }
}

function spikesIn(groups: readonly SpikeTrains[]): number {
  return groups.reduce((sum, { times }) => sum + times.length, 0)
}
