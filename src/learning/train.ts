import { createRandomStream } from '../numerics/random-stream.js'
import { permutation } from '../numerics/shuffle.js'
import { RATE_BANDS } from './banded-step.js'
import { type BestEpoch, isBetter, isExhausted } from './best-epoch.js'
import { type BudgetStrengths, createBudgetStrengths, type SpentBudget } from './budget-strengths.js'
import { copyTrials } from './copy-orders.js'
import { epochAdvice } from './diagnosis/epoch-advice.js'
import type { EpochDiagnosis } from './diagnosis/layer-diagnosis.js'
import { LIBRARY_WORDS, type OptionWords } from './diagnosis/option-words.js'
import { createTally } from './epoch-tally.js'
import { evaluateNamed, type SplitResult } from './evaluate-split.js'
import { inOrder } from './in-order.js'
import type { Labels } from './labels.js'
import { meanLoss } from './metrics.js'
import { cut, miniBatch } from './mini-batch.js'
import { type NamedSplit, namedSplits } from './named-splits.js'
import { readTrainOptions } from './options/read-settings.js'
import { readSession, readTask } from './read-arguments.js'
import { rateFactor } from './schedules.js'
import type { LabelledTrials, Session, StepOptions, StepResult } from './session.js'
import type { Task } from './task.js'
import type { TimingError } from './timing-error.js'
import type { TrainingClock, TrainOptions } from './train-options.js'
import { configureTraining, type TrainingConfig } from './training-config.js'
import { beginningOf, requirePoint, type TrainingPoint } from './training-point.js'
import { MOST_UNDER_WAY } from './under-way.js'

/** What one pass over the training samples achieved. */
export interface Epoch {
  /** 1, 2, … */
  readonly number: number
  /** Mean over the epoch's finite training losses, each taken before its step; null if there was none. */
  readonly loss: number | null
  /** 0 to 1, of the predictions made while training; a silent trial is wrong. */
  readonly trainAccuracy: number
  readonly validationLoss: number | null
  /** 0 to 1, after the epoch. */
  readonly validationAccuracy: number
  /** On the validation split, after the epoch; of a loss with targets only. */
  readonly validationTiming?: TimingError
  /** Share of (hidden neuron, trial) pairs without a spike, while training. */
  readonly silentFraction: number
  /** Share of trials without a loss because their label unit was silent, while training. */
  readonly silentLabelFraction: number
  /** Spikes whose slope at the crossing was too small for a reliable gradient. */
  readonly grazing: number
  /** Trained in this epoch. */
  readonly samples: number
  /** Mean norm of the mini-batches' mean gradients, before clipping. */
  readonly gradientNorm: number
  /** Per layer and kind of parameter; null if the session does not look. */
  readonly diagnosis: EpochDiagnosis | null
  /**
   * What seems to be wrong or takes long, and which option helps, in plain sentences: of labels, classes and loss, then of the
   * layers.
   */
  readonly advice: readonly string[]
  /** The names of the classes that no sample was taken for, neither while training nor on the validation split. */
  readonly neverPredicted: readonly string[]
  /** Learning rate of the last step, before the factor of each kind. */
  readonly learningRate: number
  /** By group, of those that have a spike budget; absent if none has. */
  readonly spikeBudget?: Readonly<Record<string, SpentBudget>>
  /** Of training alone, without validation; null without a clock, and where it continues after the last step of the epoch. */
  readonly samplesPerSecond: number | null
  readonly cpuSecondsPerSample: number | null
}

/**
 * Trains a network on a task, epoch by epoch; the network learns inside its session.
 *
 * Every epoch takes the samples in an order that is a function of (seed, epoch number) alone, cuts them into
 * mini-batches, takes one optimiser step along the mean gradient of each, and then measures the validation split. With
 * `keepBest` the session ends with the parameters of the epoch that did best there, with `patience` once nothing improves.
 * Nothing happens before the first epoch is asked for; leaving the loop ends the training after the current epoch.
 *
 * Raises `InputError` at once for options that do not fit (see `configureTraining`), and whatever the session raises.
 *
 * @example
 * for await (const epoch of train(session, task, { optimizer: adam({ learningRate: 5e-3 }), epochs: 40 }))
 *   console.log(epoch.number, epoch.loss, epoch.validationAccuracy)
 */
export function train(session: Session, task: Task, options: TrainOptions): AsyncIterable<Epoch> {
  return trainAdvised(session, task, options, LIBRARY_WORDS)
}

/** The same, with advice that names options as those who read it would type them. */
export function trainAdvised(
  session: Session,
  task: Task,
  options: TrainOptions,
  words: OptionWords,
): AsyncIterable<Epoch> {
  const checked = readTrainOptions(options)
  const config = configureTraining(readSession(session).network, readTask(task), checked)
  const { from = beginningOf(config.completedEpochs + 1) } = checked
  requirePoint(from, Math.ceil(task.train.size / config.batch))
  return epochs(session, task, config, { ...checked, from, words })
}

async function* epochs(
  session: Session,
  task: Task,
  config: TrainingConfig,
  options: TrainOptions & { readonly from: TrainingPoint; readonly words: OptionWords },
): AsyncGenerator<Epoch> {
  const { from, words } = options
  let best = from.best ?? null
  let earlier = from.earlier ?? null
  const { spikeBudget } = config
  const budgets = spikeBudget === undefined ? null : createBudgetStrengths(spikeBudget, from.budgets)
  const nameOf = namedSplits(task)
  for (let number = from.epoch; number <= config.epochs && !isExhausted(best, number - 1, config.patience); number++) {
    const start = number === from.epoch ? from : beginningOf(number, best, { earlier })
    const watch = startWatch(options.clock)
    const pass = await trainEpoch(session, task, config, start, { ...options, budgets, named: nameOf(task.train) })
    const { trained, factor, lastFactor, ...result } = pass
    const timing = watch(result.samples - start.tally.labels.length)
    const { until } = task
    const noise = config.testNoise === undefined ? {} : { noise: config.testNoise, draw: number }
    const measured = { until, loss: config.step.loss, batch: config.batch, ...noise }
    const validation = await evaluateNamed(session, task.validation, measured, nameOf(task.validation))
    if (isBetter(validation, best)) best = await bestOf(session, number, validation, config)
    const validated = { predictions: validation.predictions, labels: task.validation.labels }
    const { network, kernels } = session
    const seen = { ...result, validationLoss: validation.loss, trained, validated, earlier, factor }
    const advised = epochAdvice({
      ...{ ...seen, network, kernels, task, words },
      ...{ step: config.step, learningRate: config.learningRate },
    })
    const held = budgets?.result(result.diagnosis, words) ?? null
    earlier = advised.seen
    options.onEpoch?.(beginningOf(number + 1, best, { budgets: budgets?.save(), earlier }))
    yield {
      number,
      ...result,
      advice: [...advised.advice, ...(held?.advice ?? [])],
      neverPredicted: advised.neverPredicted,
      learningRate: config.learningRate * lastFactor,
      ...(held === null ? {} : { spikeBudget: held.spent }),
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      ...(validation.timing === undefined ? {} : { validationTiming: validation.timing }),
      ...timing,
    }
  }
  if (config.keepBest && best !== null && best.state !== null) await session.restore(best.state)
}

async function bestOf(
  session: Session,
  epoch: number,
  { accuracy, loss }: SplitResult,
  { keepBest }: TrainingConfig,
): Promise<BestEpoch> {
  return { epoch, accuracy, loss, state: keepBest ? await session.save() : null }
}

interface EpochOptions extends Pick<TrainOptions, 'onStep' | 'afterStep' | 'stopsAfter'> {
  /** Which split the training samples are, if others can make them. */
  readonly named: NamedSplit | null
  readonly budgets: BudgetStrengths | null
}

async function trainEpoch(
  session: Session,
  task: Task,
  config: TrainingConfig,
  start: TrainingPoint,
  { named, budgets, onStep, afterStep, stopsAfter = () => true }: EpochOptions,
) {
  const { epoch, best = null, earlier = null } = start
  const batches = [...cut(sampleOrder(task, config, epoch), config.batch)]
  const steps = batches.length
  const tally = createTally(start.tally)
  const factorAt = (step: number) =>
    rateFactor(config.schedule, { epoch: epoch - 1, step, stepsPerEpoch: steps, epochs: config.epochs })
  let done = start.step
  const isStop = (step: number) => afterStep !== undefined && stopsAfter({ epoch, step })

  const begin = (index: number, ahead: boolean): Promise<SteppedTrials> => {
    const samples = batches[index] as Uint32Array
    const trials = miniBatch(task.train, samples, task.until, { seed: config.seed, epoch }, named)
    const rates = scaledRates(config.step.rates, factorAt(index))
    const bands = budgets === null ? {} : { [RATE_BANDS]: budgets.bands(index - done) }
    const step = { ...config.step, rates, ...bands, ...drawOf(session, config.step, (epoch - 1) * steps + index) }
    return stepOn(session, trials, step, ahead)
  }
  const finish = async (index: number, { result, labels }: SteppedTrials) => {
    tally.add(result, labels)
    budgets?.add(result)
    const step = index + 1
    done = step
    const standing = () => (budgets === null ? {} : { budgets: budgets.save() })
    const point = () => ({ epoch, step, tally: tally.save(), best, earlier, ...standing() })
    onStep?.(
      {
        ...{ epoch, epochs: config.epochs, step, steps, samples: tally.samples() },
        loss: meanLoss(result.losses),
        gradientNorm: result.gradientNorm,
        learningRate: config.learningRate * factorAt(index),
      },
      point,
    )
    if (isStop(step)) await afterStep?.(point)
  }
  await inOrder({
    from: start.step,
    to: steps,
    most: session.trainAhead === undefined ? 1 : MOST_UNDER_WAY,
    isStop,
    begin,
    finish,
  })

  const lastFactor = factorAt(steps - 1)
  return { ...tally.result(), trained: tally.predicted(), factor: Math.max(factorAt(0), lastFactor), lastFactor }
}

/** What came of a step, with the labels of its trials. */
interface SteppedTrials {
  readonly result: StepResult
  readonly labels: Labels
}

async function stepOn(
  session: Session,
  trials: LabelledTrials,
  step: StepOptions,
  ahead: boolean,
): Promise<SteppedTrials> {
  if (session.trainAhead === undefined) return { result: await session.train(trials, step), labels: trials.labels }
  // The data set may use its arrays again for the next mini-batch.
  const own = copyTrials(trials)
  return { result: await (ahead ? session.trainAhead(own, step) : session.train(own, step)), labels: own.labels }
}

function sampleOrder(task: Task, config: TrainingConfig, number: number): Uint32Array {
  const { size } = task.train
  const order = permutation(createRandomStream(config.seed, `train/shuffle/${number}`), size)
  return config.dropLast ? order.subarray(0, size - (size % config.batch)) : order
}

/** Chance is redrawn in every step, by its number in the run: a continued training draws the same. */
function drawOf({ network }: Session, { noise, dropout }: StepOptions, number: number): Pick<StepOptions, 'draw'> {
  const isRouted = network.projections.some(({ through }) => through !== undefined)
  return noise === undefined && dropout === undefined && !isRouted ? {} : { draw: number }
}

function scaledRates(rates: StepOptions['rates'], factor: number): StepOptions['rates'] {
  return Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, rate * factor]))
}

function startWatch(clock: TrainingClock | undefined) {
  const wall = clock?.wall()
  const cpu = clock?.cpu()
  return (samples: number): Pick<Epoch, 'samplesPerSecond' | 'cpuSecondsPerSample'> => {
    if (clock === undefined || wall === undefined || cpu === undefined || samples === 0) {
      return { samplesPerSecond: null, cpuSecondsPerSample: null }
    }
    const seconds = clock.wall() - wall
    return {
      // A clock too coarse to see the epoch cannot give a rate.
      samplesPerSecond: seconds > 0 ? samples / seconds : null,
      cpuSecondsPerSample: (clock.cpu() - cpu) / samples,
    }
  }
}
