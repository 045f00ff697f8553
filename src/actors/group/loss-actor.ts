import { Subscription } from 'rxjs'
import { joinTrains } from '../../events/join-trains.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { microBatches, type TrialRange } from '../../events/trial-range.js'
import { createEvaluation } from '../../learning/evaluate-loss.js'
import type { Loss } from '../../learning/loss.js'
import type { ObservedData } from '../../learning/losses/loss-record.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { TrialLoss } from '../../learning/losses/trial-loss.js'
import { isReadout } from '../../network/models/models.js'
import { type NoteVerbs, UNNOTED, type VerbNote } from '../../network/modules/module-verbs.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { SpikeReceiver } from '../../streams/pathway.js'
import type { VectorReceiver } from '../../streams/vector-stream.js'
import { type Stage, UNTRACED } from '../trace/run-stages.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import {
  placeReadout,
  readoutLength,
  readoutNumbersOf,
  readoutReturnedLength,
  unpackReadout,
} from './readout-layout.js'
import { createReadoutNoise, type ReadoutNoise } from './readout-noise.js'
import { sliceOfRows } from './row-slices.js'
import type { Run } from './run.js'

/** A group that may be shown to the loss: slices of LIF neurons by their spikes, of LI readouts by their numbers. */
export type LossInput =
  | {
      readonly kind: 'lif'
      readonly group: string
      readonly total: number
      readonly slices: readonly (Slice & { readonly receiver: SpikeReceiver })[]
    }
  | {
      readonly kind: 'li'
      readonly group: string
      readonly total: number
      readonly slices: readonly (Slice & { readonly receiver: VectorReceiver })[]
    }

type SpikeInput = LossInput & { readonly kind: 'lif' }
type ReadoutInput = LossInput & { readonly kind: 'li' }

/** Turns what the output group did into a loss per trial, and returns its derivatives. */
export interface LossActor {
  readonly life: LifeCycle
  /** Of the last run; null if it did not look at a group here. */
  outcome(): Outcome | null
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export interface LossActorOptions {
  /** Wraps the evaluation of a run's loss and its derivatives; default: not wrapped. */
  readonly evaluated?: Stage | undefined
  /** Called with the user function that is being executed; optional. */
  readonly noteVerbs?: NoteVerbs | undefined
}

/** @param inputs every group a loss may look at here; a run looks at one of them at most */
export function createLossActor(
  inputs: readonly LossInput[],
  { evaluated = UNTRACED.loss, noteVerbs }: LossActorOptions = {},
): LossActor {
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
    } else if (isReadout(observed)) watchReadout(observed, run)
    else watchSpikes(observed, run)
  }

  function watchSpikes({ slices, total }: SpikeInput, run: Run): void {
    const noise = createReadoutNoise(run, slices, total)
    const parts = partsOf(run, () => slices.map((): SpikeBatch[] => []))
    slices.forEach(({ receiver }, slice) => {
      const watching = receiver.spikes$.subscribe((batch) => {
        const part = parts[run.microBatch === undefined ? 0 : batch.sequence]
        part?.received[slice]?.push(noise.perturb(slice, batch))
        if (part === undefined || batch.window.end < run.trials.until) return
        part.ended++
        if (part.ended === slices.length) guarded(() => returnToSpikes(slices, part, total, run, noise))
      })
      subscriptions.add(watching)
    })
  }

  function returnToSpikes(
    slices: SpikeInput['slices'],
    { received, range }: Part<readonly SpikeBatch[][]>,
    total: number,
    run: Run,
    noise: ReadoutNoise,
  ): void {
    const returned = evaluated(() => ofSpikes(run, range, total, received.flat()))
    const isLast = range.end === run.trials.count
    if (isLast) life.send({ type: 'forwardDone' })
    if (!run.gradients) return
    let first = 0
    received.forEach((batches, slice) => {
      for (let k = batches.length - 1; k >= 0; k--) {
        const batch = batches[k] as SpikeBatch
        const { stream, sequence } = batch
        const values = noise.restore(batch, returned[first + k] as Float64Array)
        slices[slice]?.receiver.sendGradients({ stream, sequence, values })
      }
      first += batches.length
    })
    if (isLast) life.send({ type: 'backwardDone' })
  }

  function watchReadout({ slices, total }: ReadoutInput, run: Run): void {
    const numbers = readoutNumbersOf(run)
    const parts = partsOf(run, ({ start, end }) => new Float64Array(readoutLength(numbers, end - start, total)))
    for (const slice of slices) {
      let number = 0
      const watching = slice.receiver.values$.subscribe((packed) => {
        const part = parts[number++]
        if (part === undefined) return
        placeReadout(numbers, packed, part.received, total, slice)
        part.ended++
        if (part.ended === slices.length) guarded(() => returnToReadout(slices, part, total, run))
      })
      subscriptions.add(watching)
    }
  }

  function returnToReadout(
    slices: ReadoutInput['slices'],
    { received, range }: Part<Float64Array>,
    total: number,
    run: Run,
  ): void {
    const gradients = evaluated(() => ofReadout(run, range, total, received))
    const isLast = range.end === run.trials.count
    if (isLast) life.send({ type: 'forwardDone' })
    if (!run.gradients) return
    for (const slice of slices) slice.receiver.sendReturned(sliceOfRows(gradients, total, slice))
    if (isLast) life.send({ type: 'backwardDone' })
  }

  function ofSpikes(
    run: Run,
    range: TrialRange,
    total: number,
    batches: readonly SpikeBatch[],
  ): readonly Float64Array[] {
    const joined = joinTrains(batches)
    const explicit = new Float64Array(joined.trains.times.length)
    evaluateTrials(run, range, total, joined.trains, explicit)
    return batches.length === 1 ? [explicit] : joined.places.map((place) => valuesAt(explicit, place))
  }

  /** Rows of `received` and of what is returned are those of the range. */
  function ofReadout(run: Run, range: TrialRange, total: number, received: Float64Array): Float64Array {
    // Whatever is said of a trial names its place in the mini-batch.
    const rowsOf = (table: Float64Array) => amongAll(table, run.trials.count, range)
    const explicit = new Float64Array(readoutReturnedLength(run.trials.count, total))
    evaluateTrials(run, range, total, unpackReadout(readoutNumbersOf(run), received, rowsOf), explicit)
    return explicit.subarray(range.start * total, range.end * total)
  }

  /** Adds what came of some trials to the outcome of the run. */
  function evaluateTrials(
    { loss: ordered, trials }: Run,
    range: TrialRange,
    size: number,
    observed: ObservedData[keyof ObservedData],
    explicit: Float64Array,
  ): void {
    if (ordered === null) return
    const { loss: asked, labels } = ordered
    const evaluate = createEvaluation(asked, { size, until: trials.until })
    const note = noteOf(asked)
    const losses = [...(outcome?.losses ?? [])]
    const predictions = outcome?.predictions ?? new Int32Array(trials.count)
    for (let trial = range.start; trial < range.end; trial++) {
      const { loss, prediction } = of(trial)
      losses.push(loss)
      predictions[trial] = prediction
    }
    outcome = { losses, predictions }

    function of(trial: number): TrialLoss {
      note.begin('evaluate', trial, trials.until)
      try {
        return evaluate(observed, trial, labels?.[trial] ?? null, explicit)
      } finally {
        note.end()
      }
    }
  }

  /** Those of this package come back. */
  function noteOf(asked: Loss): VerbNote {
    if (asked.kind !== 'own' || asked.module === undefined) return UNNOTED
    const { name, group, module } = asked
    return noteVerbs?.({ kind: 'loss', name, group, module: module.module }) ?? UNNOTED
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

/** What the loss has seen of one micro-batch, or of all trials. */
interface Part<Received> {
  readonly range: TrialRange
  readonly received: Received
  /** Slices of which everything has come. */
  ended: number
}

function partsOf<Received>({ trials, microBatch }: Run, begin: (range: TrialRange) => Received): Part<Received>[] {
  return microBatches(trials.count, microBatch).map((range) => ({ range, received: begin(range), ended: 0 }))
}

/** A table of the rows of some trials as one of all `count`, where theirs are in their places. */
function amongAll(table: Float64Array, count: number, { start, end }: TrialRange): Float64Array {
  if (end - start === count) return table
  const row = table.length / (end - start)
  const all = new Float64Array(row * count)
  all.set(table, row * start)
  return all
}

function valuesAt(values: Float64Array, places: Int32Array): Float64Array {
  const found = new Float64Array(places.length)
  for (let k = 0; k < found.length; k++) found[k] = values[places[k] as number] as number
  return found
}
