import { of, Subject, Subscription } from 'rxjs'
import { sumAnswers } from '../dynamics/projection-answers.js'
import { noSpikes } from '../events/no-spikes.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import { collectAnswers } from '../streams/collect-answers.js'
import type { Output } from './group-actor.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import type { Run } from './run.js'

/** Emits the spikes it is given, and learns what moving them would do to the loss. */
export interface SourceActor {
  readonly name: string
  readonly life: LifeCycle
  readonly spikes$: Subject<SpikeBatch>
  /** dL/d(spike time) of the last run's input, in its order. */
  inputGradients(): Float64Array
  begin(run: Run): void
  close(): void
}

export function createSourceActor(name: string, outputs: readonly Output[]): SourceActor {
  const life = createLifeCycle(name)
  const spikes$ = new Subject<SpikeBatch>()
  let gradients: Float64Array = new Float64Array(0)
  let subscription = new Subscription()

  function begin({ trials, gradients: backward }: Run): void {
    subscription.unsubscribe()
    life.send({ type: 'begin', gradients: backward })
    const trains = trials.inputs[name] ?? noSpikes(trials.count)
    const batch: SpikeBatch = { stream: name, sequence: 0, window: { start: 0, end: trials.until }, ...trains }
    spikes$.next(batch)
    for (const { link } of outputs) link.sendSpikes(batch)
    life.send({ type: 'forwardDone' })
    if (!backward) return
    const awaited = outputs.map(({ order, link: { gradients$ } }) => ({ order, gradients$ }))
    subscription = collectAnswers(awaited, of(1)).subscribe({
      next: ({ answers }) => {
        gradients = sumAnswers(batch.times.length, answers)
      },
      complete: () => life.send({ type: 'backwardDone' }),
      error: (error: unknown) => life.send({ type: 'fail', error }),
    })
  }

  function close(): void {
    subscription.unsubscribe()
    spikes$.complete()
    life.send({ type: 'close' })
  }

  return { name, life, spikes$, inputGradients: () => gradients, begin, close }
}
