import { of, Subject, Subscription } from 'rxjs'
import { type ProjectionAnswer, sumAnswers } from '../../dynamics/projection-answers.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { collectAnswers } from '../../streams/collect-answers.js'
import type { Output } from './group-actor.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import { type Run, spanOf } from './run.js'

/** Emits the spikes a source slice is given, and learns what moving them would do to the loss. */
export interface SourceActor {
  readonly name: string
  readonly life: LifeCycle
  readonly spikes$: Subject<SpikeBatch>
  /** dL/d(spike time) of the last run's input, in its order; summed when it is asked for. */
  inputGradients(): Float64Array
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export function createSourceActor(name: string, outputs: readonly Output[]): SourceActor {
  const life = createLifeCycle(name)
  const spikes$ = new Subject<SpikeBatch>()
  /** Spikes of the last run, and what came back for them. */
  let count = 0
  let answers: readonly ProjectionAnswer[] = []
  let subscription = new Subscription()

  function abort(error: unknown): void {
    subscription.unsubscribe()
    life.send({ type: 'fail', error })
  }

  function begin(run: Run): void {
    const { trials, gradients: backward } = run
    subscription.unsubscribe()
    life.send({ type: 'begin', gradients: backward })
    const trains = trials.inputs[name] ?? noSpikes(trials.count)
    const batch: SpikeBatch = { stream: name, sequence: 0, window: spanOf(run), ...trains }
    spikes$.next(batch)
    count = batch.times.length
    answers = []
    if (backward) awaitAnswers()
    for (const { outlet } of outputs) outlet.sendSpikes(batch)
    life.send({ type: 'forwardDone' })
    if (backward && outputs.length === 0) life.send({ type: 'backwardDone' })
  }

  function awaitAnswers(): void {
    if (outputs.length === 0) return
    const awaited = outputs.map(({ sums, outlet: { gradients$ } }) => ({ sums, gradients$ }))
    subscription = collectAnswers(awaited, of(1)).subscribe({
      next: (answered) => {
        answers = answered.answers
      },
      complete: () => life.send({ type: 'backwardDone' }),
      error: abort,
    })
  }

  function close(): void {
    subscription.unsubscribe()
    spikes$.complete()
    life.send({ type: 'close' })
  }

  return { name, life, spikes$, inputGradients: () => sumAnswers(count, answers), begin, abort, close }
}
