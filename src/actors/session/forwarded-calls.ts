import type { ClusterSession } from '../cluster-session.js'
import type { Watchable } from '../watch/watched.js'

/** The calls that a session over another one forwards; what it is, shows, streams and steps, and its end, are its own. */
export type ForwardedCalls = Omit<
  ClusterSession,
  | ('network' | 'kernels' | 'placement' | 'workers')
  | ('train' | 'trainAhead')
  | ('stream' | 'host')
  | keyof Watchable
  | ('close' | typeof Symbol.asyncDispose)
>

/** Calls the session beneath; its errors are reported in the terms of the session above. */
export type Forward = <Result>(call: (session: ForwardedCalls) => Promise<Result>) => Promise<Result>

/** How calls are forwarded. */
export interface ForwardWays {
  /** Calls that have the partitions to themselves, in their order. */
  readonly inTurn: Forward
  /** Calls that are replied to also while others are in progress. */
  readonly atOnce: Forward
}

/** Every call that is forwarded, and in which way. */
export function forwardedCalls({ inTurn, atOnce }: ForwardWays): ForwardedCalls {
  return {
    simulate: (...given) => inTurn((session) => session.simulate(...given)),
    evaluate: (...given) => inTurn((session) => session.evaluate(...given)),
    gradient: (...given) => inTurn((session) => session.gradient(...given)),
    parameters: () => inTurn((session) => session.parameters()),
    save: () => inTurn((session) => session.save()),
    restore: (...given) => inTurn((session) => session.restore(...given)),
    setParameters: (...given) => inTurn((session) => session.setParameters(...given)),
    memoryTraffic: () => inTurn((session) => session.memoryTraffic()),
    traffic: () => atOnce((session) => session.traffic()),
    kernelSeconds: () => atOnce((session) => session.kernelSeconds()),
    metrics: () => atOnce((session) => session.metrics()),
    trace: () => atOnce((session) => session.trace()),
  }
}
