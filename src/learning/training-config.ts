import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { readList } from '../network/reading/read-list.js'
import { readDecay } from './decay.js'
import { groupKindOf, suitsKind } from './loss-view.js'
import { requireSamples } from './mini-batch.js'
import type { DeviceNoise } from './noise/device-noise.js'
import { readTrainingNoise } from './noise/read-training-noise.js'
import { requireLevels } from './noise/require-levels.js'
import { requireTick } from './noise/require-tick.js'
import { type RunSettings, readSettings } from './options/read-settings.js'
import { defaultBounds, kindRecord, requireParameterKinds } from './parameter-kinds.js'
import { inPlaceOf, readLoss } from './read-loss.js'
import type { Decay, ParameterKind, StepOptions } from './session.js'
import { requireBounds, requireGroup, requireLearnableTaus, requireNumber, requireOpenBounds } from './step-rules.js'
import type { Task } from './task.js'
import type { TrainOptions } from './train-options.js'

/** Training options with every default filled in and checked. */
export interface TrainingConfig extends RunSettings {
  readonly learningRate: number
  /** The options of a step at the start of the run. */
  readonly step: StepOptions
  /** What the validation split is measured under; absent: nothing. */
  readonly testNoise?: DeviceNoise
}

/**
 * Fills in the defaults of training options and checks them against the network.
 *
 * Raises `InputError` with the codes LEARN_*, TRAIN_OPTION (a number out of range), TRAIN_KIND_NOT_LEARNED (a rate or
 * bound of a kind that is not learned), TRAIN_DECAY_KIND, TRAIN_GROUP (a group that is missing or of the wrong kind),
 * DATASET_EMPTY, FORMAT_LEVELS (a kind is learned of which the device has one value), FORMAT_TICK (a tick of the device that is
 * as long as a trial, or longer), and those of `readTrainingNoise`.
 */
export function configureTraining(network: Network, task: Task, options: TrainOptions): TrainingConfig {
  const { optimizer, loss: given = task.loss } = options
  const learn = requireParameterKinds(readList(options.learn ?? ['weights'], 'learn') as readonly string[])
  requireLearnable(network, learn)
  requireSamples(task.train, 'train')
  requireSamples(task.validation, 'validation')
  const { run, step: settings } = readSettings(network, options)
  const { batch, dropLast, seed } = run
  requireNumber('batch', batch, !dropLast || batch <= task.train.size, `at most ${task.train.size} with dropLast`)
  const loss = readLoss(inPlaceOf(readLoss(given), readLoss(task.loss, 'task.loss')))
  requireGroup(network, loss.group, 'loss.group', groupKindOf(loss), suitsKind)
  const noise = readTrainingNoise(network, options, seed)
  if (noise.step.noise !== undefined) requireLevels(network, noise.step.noise, learn)
  requireTick(noise.step.noise ?? noise.test ?? {}, task.until)
  const rates = startingRates(learn, optimizer.learningRate, options.rates ?? {})
  const step: StepOptions = {
    loss,
    optimizer: optimizer.kind,
    rates,
    bounds: stepBounds(network, learn, options.bounds ?? {}),
    ...(options.decay === undefined ? {} : { decay: stepDecay(learn, options.decay, rates) }),
    ...settings,
    ...noise.step,
  }
  const measured = noise.test === null ? {} : { testNoise: noise.test }
  return { ...run, learningRate: optimizer.learningRate, step, ...measured }
}

function startingRates(
  learn: readonly ParameterKind[],
  learningRate: number,
  given: NonNullable<TrainOptions['rates']>,
): StepOptions['rates'] {
  requireLearned('rates', learn, given)
  const rates = learn.map((kind) => {
    const rate = given[kind] ?? learningRate * kindRecord(kind).rateFactor
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
  const bounds = learn.flatMap((kind) => {
    const chosen = given[kind] ?? defaultBounds(network, kind)
    return chosen === undefined ? [] : [[kind, requireBounds(`bounds.${kind}`, kind, chosen)] as const]
  })
  const checked: StepOptions['bounds'] = Object.fromEntries(bounds)
  requireOpenBounds(network, 'bounds', checked)
  if (learn.includes('taus')) requireLearnableTaus(network, 'learn')
  return checked
}

function stepDecay(learn: readonly ParameterKind[], given: Decay, rates: StepOptions['rates']): Decay {
  requireLearned('decay', learn, given)
  return readDecay(given, rates, 'decay')
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
  for (const kind of learn) {
    const { needs } = kindRecord(kind)
    if (needs === undefined || needs.isIn(network)) continue
    const { expected, remedy = `Leave "${kind}" out.` } = needs
    throw new InputError({ code: 'LEARN_NOTHING', field: 'learn', found: `"${kind}"`, expected, remedy })
  }
}
