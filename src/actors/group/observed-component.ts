import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'

/** The verbs of a component that do work in a run; its other methods only tell of its state. */
export type ComponentVerb = 'begin' | 'resume' | 'receive' | 'advance' | 'beginBackward' | 'backward' | 'takeReturned'

/** Does the work of a verb, once, and returns what came of it. */
export type Around = <Result>(work: () => Result) => Result

/** What is done around each verb, with what the verb is given; one that is missing is not observed. */
export type ComponentObserver = {
  readonly [Verb in ComponentVerb]?: (
    work: () => ReturnType<ComponentKernel[Verb]>,
    ...given: Parameters<ComponentKernel[Verb]>
  ) => ReturnType<ComponentKernel[Verb]>
}

const unobserved: Around = (work) => work()

/** The same component, with an observer around each of its verbs. */
export function observedComponent(component: ComponentKernel, observer: ComponentObserver): ComponentKernel {
  const { begin = unobserved, resume = unobserved, receive = unobserved, advance = unobserved } = observer
  const { beginBackward = unobserved, backward = unobserved, takeReturned = unobserved } = observer
  return {
    kernels: component.kernels,
    inputs: component.inputs,
    smallestDelays: () => component.smallestDelays(),
    saveState: () => component.saveState(),
    reach: (horizon, promised) => component.reach(horizon, promised),
    nextEvent: () => component.nextEvent(),
    begin: (options) => begin(() => component.begin(options), options),
    resume: (options, start, states) => resume(() => component.resume(options, start, states), options, start, states),
    receive: (input, batch) => receive(() => component.receive(input, batch), input, batch),
    advance: (horizon) => advance(() => component.advance(horizon), horizon),
    beginBackward: (peakGradients) => beginBackward(() => component.beginBackward(peakGradients), peakGradients),
    backward: (returned) => backward(() => component.backward(returned), returned),
    takeReturned: () => takeReturned(() => component.takeReturned()),
  }
}

/** An observer of every verb, which sees the work alone, not what the verb is given. */
export function aroundEveryVerb(aroundOf: (verb: ComponentVerb) => Around): ComponentObserver {
  const observe = (verb: ComponentVerb): Around => {
    const around = aroundOf(verb)
    return (work) => around(work)
  }
  return {
    begin: observe('begin'),
    resume: observe('resume'),
    receive: observe('receive'),
    advance: observe('advance'),
    beginBackward: observe('beginBackward'),
    backward: observe('backward'),
    takeReturned: observe('takeReturned'),
  }
}
