import { Subject, Subscription } from 'rxjs'
import type { ProjectionAnswer } from '../../dynamics/projection-answers.js'
import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SourceValues } from '../../network/instance/instance.js'
import { type AnsweredBatch, collectAnswers } from '../../streams/collect-answers.js'
import type { Deliver } from '../../streams/deliver.js'
import { gateOf } from '../../streams/gate.js'
import { areAnswered } from './are-answered.js'
import { answerSources, type Output } from './group-ends.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import { type Run, spanOf, type UnitStates } from './run.js'
import { createEmittedSupply, createGivenSupply, type SupplyStart } from './spike-supply.js'

/** So many spikes of a batch keep a link and its receiver busy; more only take memory. */
const SPIKES_PER_BATCH = 1e5

export interface SourceActorOptions {
  readonly values: SourceValues
  readonly outputs: readonly Output[]
  /** Of what it emits by itself. */
  readonly seed: number
  /** The next window is a message to itself, so that those who listen keep pace. */
  readonly deliver: Deliver
  /** About how many spikes that it emits by itself go into a batch; default 1e5. */
  readonly spikesPerBatch?: number
}

/** Emits the spikes a source slice is given, or its own, and learns what moving the given ones would do to the loss. */
export interface SourceActor {
  readonly name: string
  readonly life: LifeCycle
  readonly spikes$: Subject<SpikeBatch>
  /** Every answer to a batch, of all outputs. */
  readonly answered$: Subject<AnsweredBatch>
  /** What came back for the spikes that were given for the last run, if it asked for dL/d(input spike time). */
  answers(): readonly ProjectionAnswer[]
  /** After a segment of a run: how far it has come with what it emits by itself; none if it is given its spikes. */
  states(): readonly UnitStates[]
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export function createSourceActor(options: SourceActorOptions): SourceActor {
  const { values, outputs, seed, deliver, spikesPerBatch = SPIKES_PER_BATCH } = options
  const { name, emission } = values
  const life = createLifeCycle(name)
  const spikes$ = new Subject<SpikeBatch>()
  const answered$ = new Subject<AnsweredBatch>()
  const gate = gateOf(outputs.map(({ outlet }) => outlet))
  const isGiven = emission === undefined
  const supply = isGiven ? createGivenSupply(name) : createEmittedSupply({ ...values, emission }, seed, spikesPerBatch)
  let answers: readonly ProjectionAnswer[] = []
  let subscriptions = new Subscription()

  function abort(error: unknown): void {
    subscriptions.unsubscribe()
    life.send({ type: 'fail', error })
  }

  function begin(run: Run): void {
    const { trials } = run
    const backward = run.gradients && outputs.length > 0 && areAnswered(values, run)
    const span = spanOf(run)
    subscriptions.unsubscribe()
    subscriptions = new Subscription()
    life.send({ type: 'begin', gradients: backward })
    answers = []
    supply.begin(trials, span, startOf(run), run.microBatch)
    const emitted$ = new Subject<number>()
    if (backward) awaitAnswers(emitted$)
    const done = (batches: number) => {
      life.send({ type: 'forwardDone' })
      emitted$.next(batches)
    }
    const isHeard = outputs.length > 0 || spikes$.observed
    if (isHeard) sendWindows(done)
    else done(0)
  }

  /** What the supply goes on from. */
  function startOf({ segment }: Run): SupplyStart {
    if (segment === undefined || isGiven) return 'rest'
    if (typeof segment.from === 'string') return segment.from
    const state = segment.from.find(({ group, start }) => group === name && start === values.start)
    if (state === undefined) throw new InternalError(`The slice of "${name}" from ${values.start} has no state.`)
    return state.columns
  }

  function states(): readonly UnitStates[] {
    const columns = supply.columns()
    return columns === null ? [] : [{ group: name, start: values.start, columns, inFlight: {} }]
  }

  /** One window after the other, while those who listen can take it. */
  function sendWindows(done: (batches: number) => void): void {
    // Kernels may draw the spikes themselves, see `driveOf`.
    if (!isGiven && outputs.length === 0 && !spikes$.observed) {
      done(0)
      return
    }
    const own = subscriptions
    let sequence = 0
    let isDue = false
    const goOn = () => {
      if (isDue) return
      isDue = true
      deliver(() => {
        isDue = false
        if (!own.closed) sendNext()
      })
    }
    const sendNext = () => {
      if (!gate.isOpen()) return
      const { window, trains, isLast } = supply.next()
      send({ stream: name, sequence: sequence++, window, ...trains })
      if (!isLast) goOn()
      else {
        opening.unsubscribe()
        done(sequence)
      }
    }
    const opening = gate.opened$.subscribe(goOn)
    own.add(opening)
    sendNext()
  }

  function send(batch: SpikeBatch): void {
    spikes$.next(batch)
    for (const { outlet } of outputs) outlet.sendSpikes(batch)
  }

  function awaitAnswers(emitted$: Subject<number>): void {
    const collected = collectAnswers(answerSources(outputs), emitted$).subscribe({
      next: (answered) => {
        answers = answered.answers
        answered$.next(answered)
      },
      complete: () => life.send({ type: 'backwardDone' }),
      error: abort,
    })
    subscriptions.add(collected)
  }

  function close(): void {
    subscriptions.unsubscribe()
    spikes$.complete()
    answered$.complete()
    life.send({ type: 'close' })
  }

  return { name, life, spikes$, answered$, answers: () => answers, states, begin, abort, close }
}
