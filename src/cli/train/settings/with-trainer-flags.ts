import { entryOf } from '../../../events/by-name.js'
import { InputError } from '../../../events/errors.js'
import {
  behindBeginning,
  DEFAULT_SCHEDULE,
  easeIn,
  type LearningRateSchedule,
  warmUp,
  withBeginningOf,
} from '../../../learning/schedules.js'
import type { ParameterKind } from '../../../learning/session.js'
import type { Task } from '../../../learning/task.js'
import type { TrainOptions } from '../../../learning/train-options.js'
import { configureTraining } from '../../../learning/training-config.js'
import type { PresetFlags } from '../../preset-flags.js'
import { isLossFile, lossOf } from './loss-flag.js'
import type { TrainerFlags } from './trainer-flags.js'

type Flags = TrainerFlags & Pick<PresetFlags, 'preset'>

interface Trained {
  readonly task: Task
  readonly training: TrainOptions
}

/**
 * A task and its training as the flags of the command line change them, checked. The loss of a file is that of the task by now.
 *
 * Raises `InputError` of `configureTraining` and `parseLoss`, with the name of the flag, or of the preset that says so.
 */
export function withTrainerFlags<Prepared extends Trained>(prepared: Prepared, flags: Flags): Prepared {
  const { task, training } = prepared
  const loss =
    flags.loss === undefined || isLossFile(flags.loss) ? task.loss : lossOf(flags.loss, task.loss, task.network)
  const changed = { ...prepared, task: { ...task, loss }, training: { ...trainingWith(training, flags), loss } }
  try {
    configureTraining(task.network, changed.task, changed.training)
  } catch (error) {
    throw inTermsOfFlags(error, flags)
  }
  return changed
}

function trainingWith(training: TrainOptions, flags: TrainerFlags): TrainOptions {
  const { optimizer, rates = {}, bounds = {}, schedule } = training
  const { rate = optimizer.learningRate, decay = training.decay, patience = training.patience } = flags
  const { clip = training.clipNorm, keepBest = training.keepBest } = flags
  const { silentHinge, silentLabelHinge = training.silentLabelHinge } = flags
  const scaled = Object.entries(rates).map(([kind, each]) => [kind, each * (rate / optimizer.learningRate)] as const)
  return {
    ...training,
    optimizer: { ...optimizer, learningRate: rate },
    rates: { ...Object.fromEntries(scaled), ...flags.rates },
    bounds: { ...bounds, ...flags.bounds },
    ...(decay === undefined ? {} : { decay: { ...training.decay, ...decay } }),
    ...(clip === undefined ? {} : { clipNorm: clip }),
    ...(patience === undefined ? {} : { patience }),
    ...(keepBest === undefined ? {} : { keepBest }),
    ...(silentHinge === undefined ? {} : { silentHinge: { ...training.silentHinge, ...silentHinge } }),
    ...(silentLabelHinge === undefined ? {} : { silentLabelHinge }),
    ...(flags.spikeBudget === undefined ? {} : { spikeBudget: budgetsWith(training, flags.spikeBudget) }),
    schedule: scheduleWith(schedule ?? DEFAULT_SCHEDULE, flags),
  }
}

/** A budget of the command line changes what it says of that of the preset. */
function budgetsWith({ spikeBudget = {} }: TrainOptions, given: NonNullable<TrainOptions['spikeBudget']>) {
  const changed = Object.entries(given).map(([group, budget]) => {
    return [group, { ...entryOf(spikeBudget, group), ...budget }] as const
  })
  return { ...spikeBudget, ...Object.fromEntries(changed) }
}

/** What begins slowly is the schedule itself, not one that does so already. */
function scheduleWith(given: LearningRateSchedule, flags: TrainerFlags): LearningRateSchedule {
  const { schedule = behindBeginning(given), warmUp: epochs, easeIn: easing } = flags
  if (epochs === undefined && easing === undefined) return withBeginningOf(given, schedule)
  const warmed = epochs === undefined ? schedule : warmUp(epochs, schedule)
  return easing === undefined ? warmed : easeIn(easing, warmed)
}

function inTermsOfFlags(error: unknown, flags: Flags): unknown {
  if (!(error instanceof InputError)) return error
  const [name = '', kind] = error.mistake.field.split('.')
  const flag = flagOf(name, kind as ParameterKind, flags)
  if (flag !== null) return new InputError({ ...error.mistake, field: flag, cause: error })
  if (flags.preset === undefined || !PER_NAME.includes(name)) return error
  const field = `training.${error.mistake.field}`
  return new InputError({ ...error.mistake, file: flags.preset, field, cause: error })
}

/** What a preset says of kinds of parameters and of groups. */
const PER_NAME = ['rates', 'bounds', 'decay', 'silentHinge', 'silentWeightStep', 'spikeBudget', 'dropout', 'noise']

/** Null for what no flag has said. */
function flagOf(name: string, kind: ParameterKind, flags: TrainerFlags): string | null {
  switch (name) {
    case 'rates':
      if (flags.rates?.[kind] !== undefined) return '--rates'
      return flags.rate === undefined ? null : '--rate'
    case 'bounds':
      return flags.bounds?.[kind] === undefined ? null : '--bounds'
    case 'decay':
      return flags.decay === undefined ? null : '--decay'
    case 'silentHinge':
      return entryOf(flags.silentHinge, kind) === undefined ? null : '--silent-hinge'
    case 'spikeBudget':
      return entryOf(flags.spikeBudget, kind) === undefined ? null : '--spike-budget'
    default:
      return null
  }
}
