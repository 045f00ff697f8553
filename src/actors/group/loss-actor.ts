import { Subscription, take } from 'rxjs'
import { joinTrains } from '../../dynamics/join-trains.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { evaluateIntegralLoss, evaluateMaximaLoss, evaluateSpikeLoss } from '../../learning/evaluate-loss.js'
import { isReadoutLoss } from '../../learning/loss-view.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { TrialLoss } from '../../learning/losses/trial-loss.js'
import { createUnitRoom } from '../../learning/losses/unit-room.js'
import type { Slice } from '../../network/blocks.js'
import type { VectorInlet } from '../../streams/exchange.js'
import type { SpikeInlet } from '../../streams/pathway.js'
import { type Stage, UNTRACED } from '../trace/run-stages.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import { placeReadout, readoutAnswerLength, readoutLength, readoutLossOf, unpackMaxima } from './readout-layout.js'
import { createReadoutNoise, type ReadoutNoise } from './readout-noise.js'
import { sliceOfRows } from './row-slices.js'
import type { Run } from './run.js'

/** A group that may be shown to the loss: slices of LIF neurons by their spikes, of LI readouts by their maxima or integrals. */
export type LossInput =
  | {
      readonly kind: 'lif'
      readonly group: string
      readonly total: number
      readonly slices: readonly (Slice & { readonly inlet: SpikeInlet })[]
    }
  | {
      readonly kind: 'li'
      readonly group: string
      readonly total: number
      readonly slices: readonly (Slice & { readonly inlet: VectorInlet })[]
    }

type SpikeInput = LossInput & { readonly kind: 'lif' }
type ReadoutInput = LossInput & { readonly kind: 'li' }

/** Turns what the output group did into a loss per trial, and answers with its derivatives. */
export interface LossActor {
  readonly life: LifeCycle
  /** Of the last run; null if it did not look at a group here. */
  outcome(): Outcome | null
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

/**
 * @param inputs every group a loss may look at here; a run looks at one of them at most
 * @param evaluated around the loss of a run and its derivatives
 */
export function createLossActor(inputs: readonly LossInput[], evaluated: Stage = UNTRACED.loss): LossActor {
  const life = createLifeCycle('loss')
  let outcome: Outcome | null = null
  let subscriptions = new Subscription()

  function begin(run: Run): void {
    subscriptions.unsubscribe()
    subscriptions = new Subscription()
    outcome = null
    life.send({ type: 'begin', gradients: run.gradients })
    const observed = inputs.find(({ group }) => group === run.loss?.loss.group)
    if (observed === undefined) {
      life.send({ type: 'forwardDone' })
      if (run.gradients) life.send({ type: 'backwardDone' })
    } else if (observed.kind === 'li') watchReadout(observed, run)
    else watchSpikes(observed, run)
  }

  function watchSpikes({ slices, total }: SpikeInput, run: Run): void {
    const received = slices.map((): SpikeBatch[] => [])
    const noise = createReadoutNoise(run, slices, total)
    let ended = 0
    slices.forEach(({ inlet }, slice) => {
      const watching = inlet.spikes$.subscribe((batch) => {
        received[slice]?.push(noise.perturb(slice, batch))
        if (batch.window.end < run.trials.until) return
        ended++
        if (ended === slices.length) guarded(() => answerSpikes(slices, received, total, run, noise))
      })
      subscriptions.add(watching)
    })
  }

  function answerSpikes(
    slices: SpikeInput['slices'],
    received: readonly (readonly SpikeBatch[])[],
    total: number,
    run: Run,
    noise: ReadoutNoise,
  ): void {
    const answers = evaluated(() => ofSpikes(run, total, received.flat()))
    life.send({ type: 'forwardDone' })
    if (!run.gradients) return
    let first = 0
    received.forEach((batches, slice) => {
      for (let k = batches.length - 1; k >= 0; k--) {
        const batch = batches[k] as SpikeBatch
        const { stream, sequence } = batch
        const values = noise.answer(batch, answers[first + k] as Float64Array)
        slices[slice]?.inlet.sendGradients({ stream, sequence, values })
      }
      first += batches.length
    })
    life.send({ type: 'backwardDone' })
  }

  function watchReadout({ slices, total }: ReadoutInput, run: Run): void {
    const loss = readoutLossOf(run)
    const whole = new Float64Array(readoutLength(loss, run.trials.count, total))
    let received = 0
    for (const slice of slices) {
      const watching = slice.inlet.values$.pipe(take(1)).subscribe((packed) => {
        placeReadout(loss, packed, whole, total, slice)
        received++
        if (received === slices.length) guarded(() => answerReadout(slices, whole, total, run))
      })
      subscriptions.add(watching)
    }
  }

  function answerReadout(slices: ReadoutInput['slices'], whole: Float64Array, total: number, run: Run): void {
    const gradients = evaluated(() => ofReadout(run, total, whole))
    life.send({ type: 'forwardDone' })
    if (!run.gradients) return
    for (const slice of slices) slice.inlet.sendAnswer(sliceOfRows(gradients, total, slice))
    life.send({ type: 'backwardDone' })
  }

  function ofSpikes(run: Run, total: number, batches: readonly SpikeBatch[]): readonly Float64Array[] {
    const { trains, places } = joinTrains(batches)
    const explicit = new Float64Array(trains.times.length)
    const loss = run.loss?.loss
    const room = createUnitRoom(total)
    if (loss !== undefined && !isReadoutLoss(loss))
      outcome = outcomeOf(run, (trial, label) => evaluateSpikeLoss(loss, total, trains, trial, label, explicit, room))
    return batches.length === 1 ? [explicit] : places.map((place) => valuesAt(explicit, place))
  }

  function ofReadout(run: Run, total: number, whole: Float64Array): Float64Array {
    const explicit = new Float64Array(readoutAnswerLength(run.trials.count, total))
    const loss = readoutLossOf(run)
    const room = createUnitRoom(total)
    if (loss.kind === 'vMax') {
      const maxima = unpackMaxima(whole)
      outcome = outcomeOf(run, (trial, label) => evaluateMaximaLoss(loss, total, maxima, trial, label, explicit, room))
    } else
      outcome = outcomeOf(run, (trial, label) => evaluateIntegralLoss(loss, total, whole, trial, label, explicit, room))
    return explicit
  }

  function abort(error: unknown): void {
    subscriptions.unsubscribe()
    life.send({ type: 'fail', error })
  }

  function guarded(step: () => void): void {
    try {
      step()
    } catch (error) {
      abort(error)
    }
  }

  function close(): void {
    subscriptions.unsubscribe()
    life.send({ type: 'close' })
  }

  return { life, outcome: () => outcome, begin, abort, close }
}

function outcomeOf(run: Run, evaluate: (trial: number, label: number | null) => TrialLoss): Outcome {
  const { labels } = run.loss ?? { labels: null }
  const losses: (number | null)[] = []
  const predictions = new Int32Array(run.trials.count)
  for (let trial = 0; trial < predictions.length; trial++) {
    const { loss, prediction } = evaluate(trial, labels?.[trial] ?? null)
    losses.push(loss)
    predictions[trial] = prediction
  }
  return { losses, predictions }
}

function valuesAt(values: Float64Array, places: Int32Array): Float64Array {
  const found = new Float64Array(places.length)
  for (let k = 0; k < found.length; k++) found[k] = values[places[k] as number] as number
  return found
}
