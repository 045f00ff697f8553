import { joinTrains } from '../../events/join-trains.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { microBatches, type TrialRange } from '../../events/trial-range.js'
import { createEvaluation } from '../../learning/evaluate-loss.js'
import type { Loss } from '../../learning/loss.js'
import type { ObservedData } from '../../learning/losses/loss-record.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { TrialLoss } from '../../learning/losses/trial-loss.js'
import type { Trials } from '../../learning/session.js'
import { isReadout } from '../../network/models/models.js'
import { type NoteVerbs, UNNOTED, type VerbNote } from '../../network/modules/module-verbs.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { SpikeReceiver } from '../../streams/pathway.js'
import type { VectorReceiver } from '../../streams/vector-stream.js'
import { type Stage, UNTRACED } from '../trace/run-stages.js'
import { createLifeCycle, createRunScope, type LifeCycle, type RunScope } from './life-cycle.js'
import {
  placeReadout,
  type ReadoutNumbers,
  readoutLength,
  readoutNumbersOf,
  readoutReturnedLength,
  unpackReadout,
} from './readout-layout.js'
import { createReadoutNoise, type ReadoutNoise } from './readout-noise.js'
import { sliceOfRows } from './row-slices.js'
import type { Run, RunLoss } from './run.js'

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
  const scope = createRunScope(life)
  let evaluation: LossEvaluation | null = null

  function begin(run: Run): void {
    const { loss, trials, gradients } = run
    evaluation = null
    scope.begin(gradients)
    const observed = inputs.find(({ group }) => group === loss?.loss.group)
    if (loss === null || observed === undefined) {
      life.send({ type: 'forwardDone' })
      if (gradients) life.send({ type: 'backwardDone' })
      return
    }
    evaluation = createLossEvaluation(trials, loss, observed.total, noteVerbs)
    const pass = { run, scope, evaluation, evaluated }
    if (isReadout(observed)) watchReadout(observed, pass)
    else watchSpikes(observed, pass)
  }

  return { life, outcome: () => evaluation?.outcome() ?? null, begin, abort: scope.abort, close: scope.close }
}

/** A run as it passes through the loss. */
interface LossPass {
  readonly run: Run
  readonly scope: RunScope
  readonly evaluation: LossEvaluation
  readonly evaluated: Stage
}

function watchSpikes({ slices, total }: SpikeInput, pass: LossPass): void {
  const { run, scope } = pass
  const noise = createReadoutNoise(run, slices, total)
  const parts = partsOf(run, () => slices.map((): SpikeBatch[] => []))
  slices.forEach(({ receiver }, slice) => {
    const watching = receiver.spikes$.subscribe((batch) => {
      const part = parts[run.microBatch === undefined ? 0 : batch.sequence]
      part?.received[slice]?.push(noise.perturb(slice, batch))
      if (part === undefined || batch.window.end < run.trials.until) return
      part.ended++
      if (part.ended === slices.length) scope.guarded(() => returnToSpikes(slices, part, noise, pass))
    })
    scope.subscriptions.add(watching)
  })
}

function returnToSpikes(
  slices: SpikeInput['slices'],
  { received, range }: Part<readonly SpikeBatch[][]>,
  noise: ReadoutNoise,
  pass: LossPass,
): void {
  const evaluate = () => pass.evaluation.ofSpikes(range, received.flat())
  settlePart(pass, range, evaluate, (returned) => {
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
  })
}

function watchReadout({ slices, total }: ReadoutInput, pass: LossPass): void {
  const { run, scope } = pass
  const numbers = readoutNumbersOf(run)
  const parts = partsOf(run, ({ start, end }) => new Float64Array(readoutLength(numbers, end - start, total)))
  for (const slice of slices) {
    let number = 0
    const watching = slice.receiver.values$.subscribe((packed) => {
      const part = parts[number++]
      if (part === undefined) return
      placeReadout(numbers, packed, part.received, total, slice)
      part.ended++
      if (part.ended === slices.length) scope.guarded(() => returnToReadout(slices, part, total, pass))
    })
    scope.subscriptions.add(watching)
  }
}

function returnToReadout(
  slices: ReadoutInput['slices'],
  { received, range }: Part<Float64Array>,
  total: number,
  pass: LossPass,
): void {
  const evaluate = () => pass.evaluation.ofReadout(range, received, readoutNumbersOf(pass.run))
  settlePart(pass, range, evaluate, (gradients) => {
    for (const slice of slices) slice.receiver.sendReturned(sliceOfRows(gradients, total, slice))
  })
}

/** Everything of some trials has come: their loss is evaluated, and its derivatives return. */
function settlePart<Derivatives>(
  { run, scope: { life }, evaluated }: LossPass,
  range: TrialRange,
  evaluate: () => Derivatives,
  sendBack: (derivatives: Derivatives) => void,
): void {
  const derivatives = evaluated(evaluate)
  const isLast = range.end === run.trials.count
  if (isLast) life.send({ type: 'forwardDone' })
  if (!run.gradients) return
  sendBack(derivatives)
  if (isLast) life.send({ type: 'backwardDone' })
}

/** Evaluates the loss of a run, some trials at a time. */
interface LossEvaluation {
  /** Of the trials so far; null before the first ones. */
  outcome(): Outcome | null
  /** dL/dt of the spikes of each batch. */
  ofSpikes(range: TrialRange, batches: readonly SpikeBatch[]): readonly Float64Array[]
  /** dL/d(number) of a readout; rows of `received` and of what is returned are those of the range. */
  ofReadout(range: TrialRange, received: Float64Array, numbers: ReadoutNumbers): Float64Array
}

function createLossEvaluation(
  { count, until }: Trials,
  { loss: asked, labels }: RunLoss,
  size: number,
  noteVerbs: NoteVerbs | undefined,
): LossEvaluation {
  let outcome: Outcome | null = null

  /** Adds the results of some trials to the outcome of the run. */
  function evaluateTrials(range: TrialRange, observed: ObservedData[keyof ObservedData], explicit: Float64Array): void {
    const evaluate = createEvaluation(asked, { size, until })
    const note = noteOf(asked, noteVerbs)
    const losses = [...(outcome?.losses ?? [])]
    const predictions = outcome?.predictions ?? new Int32Array(count)
    for (let trial = range.start; trial < range.end; trial++) {
      const { loss, prediction } = of(trial)
      losses.push(loss)
      predictions[trial] = prediction
    }
    outcome = { losses, predictions }

    function of(trial: number): TrialLoss {
      note.begin('evaluate', trial, until)
      try {
        return evaluate(observed, trial, labels?.[trial] ?? null, explicit)
      } finally {
        note.end()
      }
    }
  }

  return {
    outcome: () => outcome,
    ofSpikes(range, batches) {
      const joined = joinTrains(batches)
      const explicit = new Float64Array(joined.trains.times.length)
      evaluateTrials(range, joined.trains, explicit)
      return batches.length === 1 ? [explicit] : joined.places.map((place) => valuesAt(explicit, place))
    },
    ofReadout(range, received, numbers) {
      // A trial is identified by its place in the whole mini-batch.
      const rowsOf = (table: Float64Array) => amongAll(table, count, range)
      const explicit = new Float64Array(readoutReturnedLength(count, size))
      evaluateTrials(range, unpackReadout(numbers, received, rowsOf), explicit)
      return explicit.subarray(range.start * size, range.end * size)
    },
  }
}

/** Losses of this package are known to return. */
function noteOf(asked: Loss, noteVerbs: NoteVerbs | undefined): VerbNote {
  if (asked.kind !== 'own' || asked.module === undefined) return UNNOTED
  const { name, group, module } = asked
  return noteVerbs?.({ kind: 'loss', name, group, module: module.module }) ?? UNNOTED
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
