import { createActor, emit, setup } from 'xstate'

export type LifeEvent =
  | { readonly type: 'begin'; readonly gradients: boolean }
  | { readonly type: 'forwardDone' }
  | { readonly type: 'backwardDone' }
  | { readonly type: 'fail'; readonly error: unknown }
  | { readonly type: 'close' }

/** What the outside learns of an actor: it is through with a run, or it cannot go on. */
export type LifeSignal = { readonly type: 'settled' } | { readonly type: 'failed'; readonly error: unknown }

/**
 * The life of an actor that takes part in runs: source, group or loss.
 *
 *     idle -> forward -> (backward ->) idle,   from anywhere -> failed, closed
 *
 * A run begins from anywhere but closed: it need not care how the one before it ended, which another actor may have
 * broken off.
 *
 * Batches never pass through here; XState keeps the life cycle, RxJS carries the data.
 */
const lifeCycle = setup({
  types: {
    context: {} as { readonly gradients: boolean },
    events: {} as LifeEvent,
    emitted: {} as LifeSignal,
  },
  actions: { settle: emit({ type: 'settled' }) },
}).createMachine({
  id: 'life-cycle',
  context: { gradients: false },
  initial: 'idle',
  states: {
    idle: {},
    forward: { on: { forwardDone: { target: 'idle', actions: 'settle' } } },
    forwardThenBackward: { on: { forwardDone: 'backward' } },
    backward: { on: { backwardDone: { target: 'idle', actions: 'settle' } } },
    failed: {},
    closed: { type: 'final' },
  },
  on: {
    begin: [{ guard: ({ event }) => event.gradients, target: '.forwardThenBackward' }, { target: '.forward' }],
    fail: { target: '.failed', actions: emit(({ event }) => ({ type: 'failed', error: event.error })) },
    close: '.closed',
  },
})

/**
 * A started life cycle, as actors see it. Said in our own words: the types of XState behind it would reach the
 * declarations of everybody who uses this library, and do not hold under all settings of the compiler.
 */
export interface LifeCycle {
  readonly id: string
  send(event: LifeEvent): void
  on<Kind extends LifeSignal['type'] | '*'>(
    kind: Kind,
    handle: (signal: LifeSignal & (Kind extends '*' ? unknown : { readonly type: Kind })) => void,
  ): { unsubscribe(): void }
  /** Tells every change of state. */
  subscribe(observer: (snapshot: ReturnType<LifeCycle['getSnapshot']>) => void): { unsubscribe(): void }
  getSnapshot(): {
    /** 'done' once it is closed. */
    readonly status: 'active' | 'done' | 'error' | 'stopped'
    readonly value: 'idle' | 'forward' | 'forwardThenBackward' | 'backward' | 'failed' | 'closed'
  }
}

/** A started life cycle, idle. */
export function createLifeCycle(id: string): LifeCycle {
  return createActor(lifeCycle, { id }).start()
}
