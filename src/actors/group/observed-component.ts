import type { ComponentKernel, ComponentTerms } from '../../dynamics/kernels/component-kernel.js'
import type { KernelProtocol } from '../../dynamics/kernels/kernel.js'

type Verb = keyof KernelProtocol<ComponentTerms>

/** Which verbs of a component do work in a run; the others only tell of its state. */
const DO_WORK = {
  smallestDelays: false,
  begin: true,
  resume: true,
  saveState: false,
  receive: true,
  reach: false,
  nextEvent: false,
  advance: true,
  beginBackward: true,
  backward: true,
  takeReturned: true,
} as const satisfies Readonly<Record<Verb, boolean>>

const VERBS = Object.keys(DO_WORK) as readonly Verb[]

/** The verbs that do work in a run. */
export type ComponentVerb = { [Of in Verb]: (typeof DO_WORK)[Of] extends true ? Of : never }[Verb]

/** Does the work of a verb, once, and returns what came of it. */
export type Around = <Result>(work: () => Result) => Result

/** What is done around each verb, with what the verb is given; one that is missing is not observed. */
export type ComponentObserver = {
  readonly [Of in ComponentVerb]?: (
    work: () => ReturnType<ComponentKernel[Of]>,
    ...given: Parameters<ComponentKernel[Of]>
  ) => ReturnType<ComponentKernel[Of]>
}

type Call = (...given: never[]) => unknown
type Observer = (work: () => never, ...given: never[]) => unknown

/** The same component, with observers around each of its verbs: the first is the innermost. */
export function observedComponent(
  component: ComponentKernel,
  observers: readonly ComponentObserver[],
): ComponentKernel {
  const { kernels, inputs } = component
  const calls: Readonly<Record<Verb, Call>> = component
  const observed = (verb: Verb): Call => {
    const plain: Call = (...given) => calls[verb](...given)
    return observers
      .map((observer): Observer | undefined => (observer as Partial<Record<Verb, Observer>>)[verb])
      .filter((around) => around !== undefined)
      .reduce(
        (inner, around): Call =>
          (...given) =>
            around((() => inner(...given)) as () => never, ...given),
        plain,
      )
  }
  const verbs = Object.fromEntries(VERBS.map((verb) => [verb, observed(verb)])) as typeof calls
  return { kernels, inputs, ...(verbs as KernelProtocol<ComponentTerms>) }
}

/** An observer of every verb, which sees the work alone, not what the verb is given. */
export function aroundEveryVerb(aroundOf: (verb: ComponentVerb) => Around): ComponentObserver {
  const observe = (verb: ComponentVerb): Around => {
    const around = aroundOf(verb)
    return (work) => around(work)
  }
  const isWork = (verb: Verb): verb is ComponentVerb => DO_WORK[verb]
  return Object.fromEntries(VERBS.filter(isWork).map((verb) => [verb, observe(verb)]))
}
