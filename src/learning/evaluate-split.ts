import { entryOf } from '../events/by-name.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import { type Readers, readRequired } from '../network/reading/read-fields.js'
import { readAnyNumber } from '../network/reading/read-number.js'
import { asGiven } from '../network/reading/read-value.js'
import type { Loss } from './loss.js'
import { hasTargets } from './loss-view.js'
import { accuracy, meanLoss, meanShare, silentLabelFraction } from './metrics.js'
import { cut, miniBatch, requireSamples } from './mini-batch.js'
import { type NamedSplit, namedSplits } from './named-splits.js'
import type { NoiseOptions } from './noise/device-noise.js'
import { NOISE_READERS, requireCounts } from './noise/read-run-noise.js'
import { readDataset, readSession } from './read-arguments.js'
import { readLoss } from './read-loss.js'
import type { Session } from './session.js'
import { requireNumber } from './step-rules.js'
import type { Dataset, Task } from './task.js'
import { createTimingTally, type TimingError } from './timing-error.js'

/** `firstTrial` counts on from sample to sample, so no result depends on `batch`. */
export interface EvaluateOptions extends NoiseOptions {
  /** Length of a trial in ms. */
  readonly until: number
  readonly loss: Loss
  /** Trials per message; default 32. */
  readonly batch?: number
}

/** A whole task says what it is measured with, too. */
const READERS: Readers<EvaluateOptions & Omit<Task, keyof EvaluateOptions>> = {
  ...NOISE_READERS,
  until: readAnyNumber,
  loss: asGiven,
  batch: asGiven,
  ...{ name: asGiven, settings: asGiven, train: asGiven, validation: asGiven, test: asGiven, network: asGiven },
  origin: asGiven,
}

export interface SplitResult {
  /** Mean over the trials that have one; null if none has. */
  readonly loss: number | null
  /** 0 to 1; a silent trial is wrong. */
  readonly accuracy: number
  /** One per sample, -1 where every output was silent. */
  readonly predictions: Int32Array
  /** Share of (hidden neuron, trial) pairs without a spike. */
  readonly silentFraction: number
  /** Spikes of all hidden neurons per sample; see `EvaluationResult.hiddenSpikes`. */
  readonly hiddenSpikes: number
  /** Share of trials without a loss because their label unit was silent. */
  readonly silentLabelFraction: number
  /** Of a loss with targets only. */
  readonly timing?: TimingError
}

/**
 * Runs a network over all samples of a data set, in order, without learning.
 *
 * Raises `InputError` DATASET_EMPTY.
 *
 * @example
 * const { accuracy } = await evaluateSplit(session, task.test, task)
 */
export async function evaluateSplit(
  session: Session,
  dataset: Dataset,
  options: EvaluateOptions,
): Promise<SplitResult> {
  return evaluateNamed(session, dataset, options)
}

/** The same with a data set that is known to be this split of a task. Default: see whether the options are its task. */
export async function evaluateNamed(
  session: Session,
  dataset: Dataset,
  options: EvaluateOptions,
  known?: NamedSplit | null,
): Promise<SplitResult> {
  readSession(session)
  const {
    until,
    loss: given,
    batch = 32,
    noise,
    draw = 0,
    firstTrial = 0,
    ...task
  } = readRequired(options, READERS, ['until', 'loss'])
  requireCounts({ draw, firstTrial }, 'options.')
  requireNumber('options.batch', batch, Number.isSafeInteger(batch) && batch >= 1, 'an integer from 1')
  const loss = readLoss(given, 'options.loss')
  requireSamples(readDataset(dataset), 'data set')
  const named = known === undefined ? namedSplits(task)(dataset) : known
  const losses: (number | null)[] = []
  const shares: { share: number; trials: number }[] = []
  // The targets ask for times, which the result of an evaluation does not have: the same trials are simulated once more.
  const timing = hasTargets(loss) ? createTimingTally(loss) : null
  let hiddenSpikes = 0
  const predictions = new Int32Array(dataset.size)
  const order = Uint32Array.from({ length: dataset.size }, (_, sample) => sample)
  for (const samples of cut(order, batch)) {
    const chances = { ...(noise === undefined ? {} : { noise }), draw, firstTrial: firstTrial + losses.length }
    const trials = miniBatch(dataset, samples, until, undefined, named)
    const result = await session.evaluate(trials, loss, chances)
    if (timing !== null) {
      const { spikes } = await session.simulate(trials, { record: [loss.group], ...chances })
      timing.add(entryOf(spikes, loss.group) as SpikeTrains, trials.labels)
    }
    predictions.set(result.predictions, losses.length)
    losses.push(...result.losses)
    hiddenSpikes += result.hiddenSpikes
    shares.push({ share: result.silentFraction, trials: samples.length })
  }
  return {
    loss: meanLoss(losses),
    accuracy: accuracy(predictions, dataset.labels),
    predictions,
    silentFraction: meanShare(shares),
    hiddenSpikes: hiddenSpikes / dataset.size,
    silentLabelFraction: silentLabelFraction(losses),
    ...(timing === null ? {} : { timing: timing.result() }),
  }
}
