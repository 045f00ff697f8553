import { Subscription } from 'rxjs'
import { type ActorLogic, type ActorSystem, createActor, type Snapshot } from 'xstate'

export type LifeEvent =
  | { readonly type: 'begin'; readonly gradients: boolean }
  | { readonly type: 'forwardDone' }
  | { readonly type: 'backwardDone' }
  | { readonly type: 'fail'; readonly error: unknown }
  | { readonly type: 'close' }

/** What the outside learns of an actor: it is through with a run, or it cannot go on. */
export type LifeSignal = { readonly type: 'settled' } | { readonly type: 'failed'; readonly error: unknown }

type LifeState = 'idle' | 'forward' | 'forwardThenBackward' | 'backward' | 'failed' | 'closed'

/** Where the end of a pass leads; what a state does not list changes nothing. */
const AFTER_PASS: Readonly<Record<LifeState, Readonly<Partial<Record<LifeEvent['type'], LifeState>>>>> = {
  idle: {},
  forward: { forwardDone: 'idle' },
  forwardThenBackward: { forwardDone: 'backward' },
  backward: { backwardDone: 'idle' },
  failed: {},
  closed: {},
}

type LifeSnapshot = Snapshot<undefined> & { readonly value: LifeState }

const ACTIVE = { status: 'active', output: undefined, error: undefined } as const

/** A snapshot never changes: all lives share one per state. */
const SNAPSHOTS: Readonly<Record<LifeState, LifeSnapshot>> = {
  idle: { ...ACTIVE, value: 'idle' },
  forward: { ...ACTIVE, value: 'forward' },
  forwardThenBackward: { ...ACTIVE, value: 'forwardThenBackward' },
  backward: { ...ACTIVE, value: 'backward' },
  failed: { ...ACTIVE, value: 'failed' },
  closed: { ...ACTIVE, status: 'done', value: 'closed' },
}

/**
 * The life of an actor that takes part in runs: source, group or loss.
 *
 *     idle -> forward -> (backward ->) idle,   from anywhere -> failed, closed
 *
 * A run begins from anywhere but closed: it need not care how the one before it ended, which another actor may have
 * broken off.
 *
 * Batches never pass through here; XState keeps the life cycle, RxJS carries the data. As every actor goes through it with
 * every mini-batch, it is a transition function: a state chart would take longer than all that is said between the actors.
 */
const lifeCycle: ActorLogic<LifeSnapshot, LifeEvent, undefined, ActorSystem<never>, LifeSignal> = {
  getInitialSnapshot: () => SNAPSHOTS.idle,
  getPersistedSnapshot: (snapshot) => snapshot,
  transition(snapshot, event, { defer, emit }) {
    const next = stateAfter(snapshot.value, event)
    if (next === undefined) return snapshot
    // Deferred, so that a listener sees the new state.
    if (event.type === 'fail') defer(() => emit({ type: 'failed', error: event.error }))
    else if (next === 'idle') defer(() => emit({ type: 'settled' }))
    return SNAPSHOTS[next]
  },
}

function stateAfter(state: LifeState, event: LifeEvent): LifeState | undefined {
  switch (event.type) {
    case 'begin':
      return event.gradients ? 'forwardThenBackward' : 'forward'
    case 'fail':
      return 'failed'
    case 'close':
      return 'closed'
    default:
      return AFTER_PASS[state][event.type]
  }
}

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
    readonly value: LifeState
  }
}

/** A started life cycle, idle. */
export function createLifeCycle(id: string): LifeCycle {
  return createActor(lifeCycle, { id }).start()
}

/** The run that an actor is in: what the actor subscribes to ends with the run, also when the run fails. */
export interface RunScope {
  readonly life: LifeCycle
  /** Of the current run; closed once the actor has left it. */
  readonly subscriptions: Subscription
  /** Leaves the run before and enters one. */
  begin(gradients: boolean): void
  /** Does a step; an error in it fails the run. */
  guarded(step: () => void): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export function createRunScope(life: LifeCycle): RunScope {
  let subscriptions = new Subscription()

  function abort(error: unknown): void {
    subscriptions.unsubscribe()
    life.send({ type: 'fail', error })
  }

  return {
    life,
    get subscriptions() {
      return subscriptions
    },
    begin(gradients) {
      subscriptions.unsubscribe()
      subscriptions = new Subscription()
      life.send({ type: 'begin', gradients })
    },
    guarded(step) {
      try {
        step()
      } catch (error) {
        abort(error)
      }
    },
    abort,
    close() {
      subscriptions.unsubscribe()
      life.send({ type: 'close' })
    },
  }
}
