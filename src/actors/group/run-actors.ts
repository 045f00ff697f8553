import type { WiredPartition } from '../partition/wiring/wire-partition.js'
import type { Run } from './run.js'

/** An actor that is not through with a run. */
export interface WaitingActor {
  /** Its group, several with plus signs between them, or `loss`. */
  readonly actor: string
  /** Of its life cycle. */
  readonly state: string
}

/** A run in progress in the actors of a partition. */
export interface ActorRun {
  /** Resolves when all of them are idle again; rejects with the first failure, which the others then leave, too. */
  readonly done: Promise<void>
  abort(reason: unknown): void
  waiting(): readonly WaitingActor[]
}

/** Starts a run in every actor. Listeners begin before talkers, so no message finds a closed door. */
export function runActors({ loss, groups, sources }: WiredPartition, run: Run): ActorRun {
  const actors = [loss, ...groups, ...sources]
  let busy = actors.length
  let settle: { resolve(): void; reject(reason: unknown): void } | null = null
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  const finish = (end: (settle: { resolve(): void; reject(reason: unknown): void }) => void) => {
    if (settle === null) return
    end(settle)
    settle = null
    for (const subscription of subscriptions) subscription.unsubscribe()
  }
  const abort = (reason: unknown) => {
    if (settle === null) return
    finish(({ reject }) => reject(reason))
    for (const actor of actors) actor.abort(reason)
  }
  const subscriptions = actors.flatMap(({ life }) => [
    life.on('settled', () => {
      busy--
      if (busy === 0) finish(({ resolve }) => resolve())
    }),
    life.on('failed', ({ error }) => abort(error)),
  ])
  try {
    for (const actor of actors) if (settle !== null) actor.begin(run)
  } catch (error) {
    abort(error)
  }
  const waiting = () =>
    actors.flatMap(({ life }) => {
      const state = life.getSnapshot().value
      return state === 'idle' ? [] : [{ actor: life.id, state: String(state) }]
    })
  return { done, abort, waiting }
}
