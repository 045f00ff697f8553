import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { isSpiking } from '../network/models/models.js'
import { readList } from '../network/reading/read-list.js'
import { plainDecay } from './decay.js'
import { defaultBounds } from './default-bounds.js'
import { groupKindOf, suitsKind } from './loss-view.js'
import { requireSamples } from './mini-batch.js'
import type { DeviceNoise } from './noise/device-noise.js'
import { plainTrainingNoise } from './noise/plain-training-noise.js'
import { requireLevels } from './noise/require-levels.js'
import { requireTick } from './noise/require-tick.js'
import { requireParameterKinds } from './parameter-kinds.js'
import { inPlaceOf, plainLoss } from './plain-loss.js'
import { DEFAULT_SCHEDULE, type LearningRateSchedule } from './schedules.js'
import type { Decay, ParameterKind, StepOptions } from './session.js'
import { plainBudgets, type SpikeBudgets } from './spike-budget.js'
import {
  requireBounds,
  requireGroup,
  requireGroupStrengths,
  requireLearnableTaus,
  requireNumber,
  requireOpenBounds,
  requireStrength,
} from './step-rules.js'
import type { Task } from './task.js'
import type { TrainOptions } from './train-options.js'

/** What the optimiser's learning rate is multiplied by where a kind has no rate of its own. */
export const RATE_FACTORS: Readonly<Record<ParameterKind, number>> = Object.freeze({
  weights: 1,
  delays: 20,
  thresholds: 0.2,
  adaptation: 0.3,
  taus: 5,
  bias: 1,
})

/** Training options with every default filled in and checked. */
export interface TrainingConfig {
  readonly epochs: number
  readonly completedEpochs: number
  readonly batch: number
  readonly seed: number
  readonly dropLast: boolean
  readonly schedule: LearningRateSchedule
  readonly learningRate: number
  /** Null: without end. */
  readonly patience: number | null
  readonly keepBest: boolean
  /** The options of a step at the start of the run. */
  readonly step: StepOptions
  /** Groups whose bands the step lacks: their strengths are found. Absent: none. */
  readonly spikeBudget?: SpikeBudgets
  /** What the validation split is measured under; absent: nothing. */
  readonly testNoise?: DeviceNoise
}

/**
 * Fills in the defaults of training options and checks them against the network.
 *
 * Raises `InputError` with the codes LEARN_*, TRAIN_OPTION (a number out of range), TRAIN_KIND_NOT_LEARNED (a rate or
 * bound of a kind that is not learned), TRAIN_DECAY_KIND, TRAIN_GROUP (a group that is missing or of the wrong kind),
 * DATASET_EMPTY, FORMAT_LEVELS (a kind is learned of which the device has one value), FORMAT_TICK (a tick of the device that is
 * as long as a trial, or longer), and those of `plainTrainingNoise`.
 */
export function configureTraining(network: Network, task: Task, options: TrainOptions): TrainingConfig {
  const { optimizer, epochs, completedEpochs = 0, batch = 32, seed = 0, dropLast = false } = options
  const { loss: given = task.loss, clipNorm = Number.POSITIVE_INFINITY, silentLabelHinge = 0 } = options
  const { silentHinge = {}, silentWeightStep = {}, schedule = DEFAULT_SCHEDULE } = options
  const { patience = null, keepBest = false } = options
  const learn = requireParameterKinds(readList(options.learn ?? ['weights'], 'learn') as readonly string[])
  requireLearnable(network, learn)
  requireSamples(task.train, 'train')
  requireSamples(task.validation, 'validation')
  requireWhole('epochs', epochs, 1)
  requireWhole('completedEpochs', completedEpochs, 0)
  requireWhole('batch', batch, 1)
  requireWhole('seed', seed, 0)
  if (patience !== null) requireWhole('patience', patience, 1)
  requireNumber('batch', batch, !dropLast || batch <= task.train.size, `at most ${task.train.size} with dropLast`)
  requireNumber('clipNorm', clipNorm, typeof clipNorm === 'number' && clipNorm > 0, 'a number above 0')
  requireStrength('silentLabelHinge', silentLabelHinge)
  const loss = plainLoss(inPlaceOf(plainLoss(given), plainLoss(task.loss, 'task.loss')))
  requireGroup(network, loss.group, 'loss.group', groupKindOf(loss), suitsKind)
  requireGroupStrengths(network, 'silentHinge', silentHinge)
  requireGroupStrengths(network, 'silentWeightStep', silentWeightStep)
  const noise = plainTrainingNoise(network, options, seed)
  if (noise.step.noise !== undefined) requireLevels(network, noise.step.noise, learn)
  requireTick(noise.step.noise ?? noise.test ?? {}, task.until)
  const rates = startingRates(learn, optimizer.learningRate, options.rates ?? {})
  const step: StepOptions = {
    loss,
    optimizer: optimizer.kind,
    rates,
    bounds: stepBounds(network, learn, options.bounds ?? {}),
    ...(options.decay === undefined ? {} : { decay: stepDecay(learn, options.decay, rates) }),
    clipNorm,
    silentLabelHinge,
    silentHinge,
    silentWeightStep,
    ...noise.step,
  }
  const { learningRate } = optimizer
  const measured = noise.test === null ? {} : { testNoise: noise.test }
  const { spikeBudget } = options
  const budgets = spikeBudget === undefined ? {} : { spikeBudget: plainBudgets(network, spikeBudget) }
  const selected = { schedule, learningRate, patience, keepBest }
  return { epochs, completedEpochs, batch, seed, dropLast, ...selected, step, ...budgets, ...measured }
}

function startingRates(
  learn: readonly ParameterKind[],
  learningRate: number,
  given: NonNullable<TrainOptions['rates']>,
): StepOptions['rates'] {
  requireLearned('rates', learn, given)
  const rates = learn.map((kind) => {
    const rate = given[kind] ?? learningRate * RATE_FACTORS[kind]
    const isRate = Number.isFinite(rate) && rate > 0
    return [kind, requireNumber(`rates.${kind}`, rate, isRate, 'a finite number above 0')] as const
  })
  return Object.fromEntries(rates)
}

function stepBounds(
  network: Network,
  learn: readonly ParameterKind[],
  given: NonNullable<TrainOptions['bounds']>,
): StepOptions['bounds'] {
  requireLearned('bounds', learn, given)
  const defaults = defaultBounds(network)
  const bounds = learn.flatMap((kind) => {
    const chosen = given[kind] ?? (kind === 'taus' ? undefined : defaults[kind])
    return chosen === undefined ? [] : [[kind, requireBounds(`bounds.${kind}`, kind, chosen)] as const]
  })
  const checked: StepOptions['bounds'] = Object.fromEntries(bounds)
  requireOpenBounds(network, 'bounds', checked)
  if (learn.includes('taus')) requireLearnableTaus(network, 'learn')
  return checked
}

function stepDecay(learn: readonly ParameterKind[], given: Decay, rates: StepOptions['rates']): Decay {
  requireLearned('decay', learn, given)
  return plainDecay(given, rates, 'decay')
}

function requireWhole(field: string, value: number, least: number): void {
  requireNumber(field, value, Number.isSafeInteger(value) && value >= least, `an integer from ${least}`)
}

function requireLearned(field: string, learn: readonly ParameterKind[], given: object): void {
  for (const kind of Object.keys(given)) {
    if (learn.some((learned) => learned === kind)) continue
    throw new InputError({
      code: 'TRAIN_KIND_NOT_LEARNED',
      field: `${field}.${kind}`,
      found: `"${kind}"`,
      expected: `a learned kind: ${learn.join(', ')}`,
      remedy: `Add "${kind}" to learn, or leave it out here.`,
    })
  }
}

/** A kind that the network has no parameter of would be a silent no-op. */
function requireLearnable(network: Network, learn: readonly ParameterKind[]): void {
  const hasDelays = network.projections.some(({ delays }) => delays.kind !== 'none')
  const hasSpiking = network.groups.some(isSpiking)
  for (const kind of learn) {
    if (kind === 'delays' ? hasDelays : hasSpiking || kind === 'weights' || kind === 'bias' || kind === 'taus') continue
    throw new InputError({
      code: 'LEARN_NOTHING',
      field: 'learn',
      found: `"${kind}"`,
      expected: kind === 'delays' ? 'a network in which some projection has delays' : 'a network with an lif group',
      remedy: kind === 'delays' ? 'Give a projection delays, 0 if they shall start there.' : `Leave "${kind}" out.`,
    })
  }
}
