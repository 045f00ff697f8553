import { entryOf } from '../../events/by-name.js'
import { nameList } from '../../network/reading/flag-values.js'
import { listOf } from '../../network/reading/read-list.js'
import {
  objectWith,
  type Reader,
  readFunction,
  readRecord,
  readString,
  wordOf,
} from '../../network/reading/read-value.js'
import { DECAYING_KINDS } from '../decay.js'
import { readOptimizerChoice } from '../optimizers/read-optimizer.js'
import { PARAMETER_KINDS, requireParameterKinds } from '../parameter-kinds.js'
import {
  behindBeginning,
  DEFAULT_SCHEDULE,
  type EaseInOptions,
  easeIn,
  type LearningRateSchedule,
  readSchedule,
  warmUp,
  withBeginningOf,
} from '../schedules.js'
import type { SpikeBudget } from '../spike-budget.js'
import type { NoisePlace, TrainingClock, TrainOptions } from '../train-options.js'
import { readDropoutOfFile, readLossOfFile, readNoiseOfFile, readOptimizerOfFile } from './file-readers.js'
import { lossChoice } from './loss-choice.js'
import { easingOf, readScheduleOfFile, SCHEDULES_EXPLAINED, scheduleOf } from './schedule-forms.js'
import type { FlagsOf, TrainingOption } from './training-option.js'
import {
  BOUNDS_PER_KIND,
  BUDGET_PER_GROUP,
  POSITIVE,
  POSITIVE_PER_KIND,
  STRENGTH,
  STRENGTH_PER_GROUP,
  SWITCH,
  strengthPerKind,
  wholeFrom,
} from './value-forms.js'

const NONE: Readonly<Record<string, number>> = Object.freeze({})
const STRENGTHS = {
  ...STRENGTH_PER_GROUP,
  take: readRecord,
  fallback: NONE,
  ofStep: true,
  per: 'group',
  mayChange: true,
} as const
const OF_CALLER = { take: readFunction, identity: null } as const

/** Every option of a training, in the order of help texts. */
export const TRAINING_OPTIONS = Object.freeze({
  optimizer: {
    take: readOptimizerChoice,
    read: readOptimizerOfFile,
    flag: '--rate <r>',
    says: 'learning rate; rates of single kinds keep their ratio to it (default: that of the preset)',
    parse: POSITIVE.parse,
    change: ({ optimizer }, { rate = optimizer.learningRate }: { readonly rate?: number }) => {
      return { ...optimizer, learningRate: rate }
    },
  },
  epochs: { ...wholeFrom(1), mayChange: true, flag: '--epochs <n>', says: 'passes over the training samples' },
  learn: {
    read: (value, field) => requireParameterKinds(listOf(readString)(value, field), field),
    flag: '--learn <kinds>',
    says: `what is learned, with commas: ${PARAMETER_KINDS.join(', ')}`,
    parse: (flag: string) => (text: string) => requireParameterKinds(nameList(flag)(text), flag),
  },
  batch: { ...wholeFrom(1), fallback: 32, flag: '--batch <n>', says: 'samples per step' },
  seed: { check: wholeFrom(0).check, fallback: 0, identity: 'shuffle' },
  rates: {
    ...POSITIVE_PER_KIND,
    take: readRecord,
    per: 'kind',
    mayChange: true,
    flag: '--rates <kind:r,…>',
    says: 'learning rates of single kinds, such as delays:0.2 (default: those of the preset)',
    change: ({ optimizer, rates = {} }, flags: Pick<TrainOptions, 'rates'> & { readonly rate?: number }) => {
      const factor = (flags.rate ?? optimizer.learningRate) / optimizer.learningRate
      const scaled = Object.entries(rates).map(([kind, rate]) => [kind, rate * factor] as const)
      return { ...Object.fromEntries(scaled), ...flags.rates }
    },
  },
  bounds: {
    ...BOUNDS_PER_KIND,
    take: readRecord,
    per: 'kind',
    mayChange: true,
    flag: '--bounds <kind:min:max,…>',
    says: 'where parameters may go, such as delays:0:20; an end left out is open (default: those of the preset)',
  },
  decay: {
    ...strengthPerKind(DECAYING_KINDS),
    take: readRecord,
    per: 'kind',
    mayChange: true,
    flag: '--decay <kind:s,…>',
    says: `what every step takes off beside the gradient, rate times s times the parameter, of ${DECAYING_KINDS.join(', ')} (default: that of the preset, else none)`,
  },
  clipNorm: {
    ...POSITIVE,
    fallback: Number.POSITIVE_INFINITY,
    ofStep: true,
    mayChange: true,
    flag: '--clip <norm>',
    says: 'largest norm of the mean gradient (default: that of the preset, else none)',
  },
  schedule: {
    take: readSchedule as Reader<LearningRateSchedule>,
    read: readScheduleOfFile,
    check: (schedule: LearningRateSchedule) => schedule,
    fallback: DEFAULT_SCHEDULE,
    mayChange: true,
    flag: '--schedule <kind>',
    says: `how the learning rate moves: ${SCHEDULES_EXPLAINED} (default: that of the preset, else decayTo:0.02)`,
    parse: scheduleOf,
    more: {
      '--warm-up <epochs>': {
        says: 'epochs over which the rate rises to where the schedule is (default: that of the preset, else none)',
        parse: POSITIVE.parse,
      },
      '--ease-in <factor>': {
        says: 'factor by which the rate grows with every mini-batch from 0.001 of it, or from another share, such as 1.05 or 1.05:0.01 (default: that of the preset, else none)',
        parse: easingOf,
      },
    },
    // What begins slowly is the schedule itself, not one that does so already.
    change: ({ schedule: given = DEFAULT_SCHEDULE }, flags: ScheduleFlags) => {
      const { schedule = behindBeginning(given), warmUp: epochs, easeIn: easing } = flags
      if (epochs === undefined && easing === undefined) return withBeginningOf(given, schedule)
      const warmed = epochs === undefined ? schedule : warmUp(epochs, schedule)
      return easing === undefined ? warmed : easeIn(easing, warmed)
    },
  },
  silentHinge: {
    ...STRENGTHS,
    flag: '--silent-hinge <group:s,…>',
    says: 'strength of the hinge that brings back silent neurons of a group, s times threshold - max V of each trial in which one is silent, such as hidden:0.1 (default: that of the preset, else none)',
  },
  silentLabelHinge: {
    ...STRENGTH,
    fallback: 0,
    ofStep: true,
    mayChange: true,
    flag: '--silent-label-hinge <s>',
    says: 'strength of the same hinge on the output neuron of the label (default: that of the preset, else none)',
  },
  silentWeightStep: STRENGTHS,
  spikeBudget: {
    ...BUDGET_PER_GROUP,
    take: readRecord,
    fallback: undefined,
    per: 'group',
    flag: '--spike-budget <group:target,…>',
    says: 'spikes per neuron and trial that a group is held to by itself, such as hidden:1.5, or hidden:1.5:4 to push back neurons above 4 (default: that of the preset, else none)',
    // What the command line leaves open of a budget is that of the preset.
    change: ({ spikeBudget }, { spikeBudget: given }: Pick<TrainOptions, 'spikeBudget'>) => {
      if (given === undefined) return spikeBudget
      const changed = Object.entries(given).map(([group, budget]) => {
        return [group, { ...(entryOf(spikeBudget, group) as SpikeBudget | undefined), ...budget }] as const
      })
      return { ...spikeBudget, ...Object.fromEntries(changed) }
    },
  },
  loss: {
    read: readLossOfFile,
    flag: '--loss <kind|file>',
    says: 'loss on the readout, and its numbers, such as spikeCount:tau=20, or a loss file without a label, such as ./loss.json (default: that of the preset, else of the task)',
    parse: () => lossChoice,
    // What it is on is for the task to say.
    change: ({ loss }) => loss,
  },
  patience: {
    ...wholeFrom(1),
    fallback: null,
    isNamedIfSet: true,
    mayChange: true,
    flag: '--patience <epochs>',
    says: 'stop once this many epochs brought no better validation (default: that of the preset, else never)',
  },
  keepBest: {
    ...SWITCH,
    fallback: false,
    isNamedIfSet: true,
    mayChange: true,
    flag: '--keep-best',
    says: 'end with the network of the epoch with the best validation (default: as the preset says, else the last)',
  },
  dropLast: { ...SWITCH, fallback: false },
  dropout: { take: readRecord, read: readDropoutOfFile, per: 'field' },
  noise: { take: readRecord, read: readNoiseOfFile, per: 'field' },
  noiseIn: { read: wordOf<NoisePlace>(['train', 'test', 'both']) },
  completedEpochs: { check: wholeFrom(0).check, fallback: 0, identity: null },
  from: { take: readRecord, identity: null },
  clock: { take: objectWith<TrainingClock>(['wall', 'cpu'], 'a clock with wall() and cpu()'), identity: null },
  onStep: OF_CALLER,
  afterStep: OF_CALLER,
  stopsAfter: OF_CALLER,
  onEpoch: OF_CALLER,
} satisfies { readonly [Name in keyof TrainOptions]-?: TrainingOption<NonNullable<TrainOptions[Name]>> })

type ScheduleFlags = Pick<TrainOptions, 'schedule'> & { readonly warmUp?: number; readonly easeIn?: EaseInOptions }

type Table = typeof TRAINING_OPTIONS
export type OptionName = keyof Table

/** Everything that flags say of a training. */
export type OptionFlags = FlagsOf<Table>

/** The options that a file can state. */
export type FileOptionName = {
  [Name in OptionName]: Table[Name] extends { readonly read: unknown } ? Name : never
}[OptionName]

/** The table by name, with what every option may have. */
export const OPTION_RECORDS = Object.entries<TrainingOption<unknown>>(
  TRAINING_OPTIONS as Readonly<Record<OptionName, TrainingOption<unknown>>>,
) as readonly (readonly [OptionName, TrainingOption<unknown>])[]
