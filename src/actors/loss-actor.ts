import { Subscription, take } from 'rxjs'
import { joinTrains } from '../dynamics/join-trains.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import { evaluateMaximaLoss, evaluateSpikeLoss } from '../learning/evaluate-loss.js'
import type { TrialLoss } from '../learning/losses/trial-loss.js'
import type { Pathway } from '../streams/pathway.js'
import type { MaximaBatch, Readout } from '../streams/readout.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import type { Run } from './run.js'

/** What a group shows to the loss: its spikes, or the maxima of its voltages. */
export interface LossInput {
  readonly group: string
  readonly size: number
  readonly link: Pathway
  readonly readout: Readout | null
}

/** Turns what the output group did into a loss per trial, and answers with its derivatives. */
export interface LossActor {
  readonly life: LifeCycle
  /** One entry per trial of the last run. */
  results(): readonly TrialLoss[]
  begin(run: Run): void
  close(): void
}

/** @param inputs every group a loss may look at; a run looks at one of them */
export function createLossActor(inputs: readonly LossInput[]): LossActor {
  const life = createLifeCycle('loss')
  let results: readonly TrialLoss[] = []
  let subscriptions = new Subscription()

  function begin(run: Run): void {
    subscriptions.unsubscribe()
    subscriptions = new Subscription()
    results = []
    life.send({ type: 'begin', gradients: run.gradients })
    const observed = inputs.find(({ group }) => group === run.loss?.loss.group)
    if (observed === undefined) {
      life.send({ type: 'forwardDone' })
      if (run.gradients) life.send({ type: 'backwardDone' })
    } else if (observed.readout !== null) watchMaxima(observed, observed.readout, run)
    else watchSpikes(observed, run)
  }

  function watchSpikes({ link, size }: LossInput, run: Run): void {
    const batches: SpikeBatch[] = []
    const watching = link.spikes$.subscribe((batch) => {
      batches.push(batch)
      if (batch.window.end < run.trials.until) return
      guarded(() => {
        const answers = ofSpikes(run, size, batches)
        life.send({ type: 'forwardDone' })
        if (!run.gradients) return
        for (let k = batches.length - 1; k >= 0; k--) {
          const { stream, sequence } = batches[k] as SpikeBatch
          link.sendGradients({ stream, sequence, values: answers[k] as Float64Array })
        }
        life.send({ type: 'backwardDone' })
      })
    })
    subscriptions.add(watching)
  }

  function watchMaxima({ size }: LossInput, readout: Readout, run: Run): void {
    const watching = readout.maxima$.pipe(take(1)).subscribe((maxima) =>
      guarded(() => {
        const values = ofMaxima(run, size, maxima)
        life.send({ type: 'forwardDone' })
        if (!run.gradients) return
        readout.sendPeakGradients(values)
        life.send({ type: 'backwardDone' })
      }),
    )
    subscriptions.add(watching)
  }

  function ofSpikes(run: Run, size: number, batches: readonly SpikeBatch[]): readonly Float64Array[] {
    const { trains, places } = joinTrains(batches)
    const explicit = new Float64Array(trains.times.length)
    const loss = run.loss?.loss
    if (loss !== undefined && loss.kind !== 'vMax')
      results = trialsOf(run, (trial, label) => evaluateSpikeLoss(loss, size, trains, trial, label, explicit))
    return places.map((place) => Float64Array.from(place, (k) => explicit[k] as number))
  }

  function ofMaxima(run: Run, size: number, maxima: MaximaBatch): Float64Array {
    const explicit = new Float64Array(maxima.values.length)
    const loss = run.loss?.loss
    if (loss?.kind === 'vMax')
      results = trialsOf(run, (trial, label) => evaluateMaximaLoss(loss, size, maxima, trial, label, explicit))
    return explicit
  }

  function guarded(step: () => void): void {
    try {
      step()
    } catch (error) {
      subscriptions.unsubscribe()
      life.send({ type: 'fail', error })
    }
  }

  function close(): void {
    subscriptions.unsubscribe()
    life.send({ type: 'close' })
  }

  return { life, results: () => results, begin, close }
}

function trialsOf(run: Run, evaluate: (trial: number, label: number | null) => TrialLoss): readonly TrialLoss[] {
  const { labels } = run.loss ?? { labels: null }
  return Array.from({ length: run.trials.count }, (_, trial) => evaluate(trial, labels?.[trial] ?? null))
}
