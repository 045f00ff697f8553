import { type Command, Option } from 'commander'
import { DECAYING_KINDS } from '../../../learning/decay.js'
import type { Bounds } from '../../../learning/default-bounds.js'
import { PARAMETER_KINDS } from '../../../learning/parameter-kinds.js'
import { REMOVED_OPTIONS, removedOption } from '../../../learning/removed-options.js'
import type { EaseInOptions, LearningRateSchedule } from '../../../learning/schedules.js'
import type { Decay, ParameterKind } from '../../../learning/session.js'
import type { SpikeBudget } from '../../../learning/spike-budget.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { nonNegativeNumber, positiveNumber, wholeNumber } from '../../../network/reading/flag-values.js'
import { budgetPerGroup, numberPerName, rangePerName } from './keyed-values.js'
import { type LossChoice, type LossFileChoice, lossChoice } from './loss-flag.js'
import { easingOf, SCHEDULES_EXPLAINED, scheduleOf } from './schedule-flag.js'

/** How is learned, where the command line says it otherwise than the settings of the task. */
export interface TrainerFlags {
  readonly rate?: number
  readonly rates?: Readonly<Partial<Record<ParameterKind, number>>>
  readonly bounds?: Readonly<Partial<Record<ParameterKind, Bounds>>>
  readonly decay?: Decay
  readonly clip?: number
  readonly schedule?: LearningRateSchedule
  readonly warmUp?: number
  readonly easeIn?: EaseInOptions
  readonly silentHinge?: Readonly<Record<string, number>>
  readonly silentLabelHinge?: number
  readonly spikeBudget?: Readonly<Record<string, SpikeBudget>>
  readonly loss?: LossChoice | LossFileChoice
  readonly patience?: number
  readonly keepBest?: boolean
}

export function addTrainerFlags(command: Command): Command {
  for (const flag of Object.values(REMOVED_OPTIONS)) command.addOption(removedFlag(flag))
  return command
    .option(
      '--rate <r>',
      'learning rate; rates of single kinds keep their ratio to it (default: that of the preset)',
      positiveNumber('--rate'),
    )
    .option(
      '--rates <kind:r,…>',
      'learning rates of single kinds, such as delays:0.2 (default: those of the preset)',
      numberPerName('--rates', PARAMETER_KINDS, 'above 0'),
    )
    .option(
      '--bounds <kind:min:max,…>',
      'where parameters may go, such as delays:0:20; an end left out is open (default: those of the preset)',
      rangePerName('--bounds', PARAMETER_KINDS),
    )
    .option(
      '--decay <kind:s,…>',
      `what every step takes off beside the gradient, rate times s times the parameter, of ${DECAYING_KINDS.join(', ')} (default: that of the preset, else none)`,
      numberPerName('--decay', DECAYING_KINDS, 'from 0'),
    )
    .option(
      '--clip <norm>',
      'largest norm of the mean gradient (default: that of the preset, else none)',
      positiveNumber('--clip'),
    )
    .option(
      '--schedule <kind>',
      `how the learning rate moves: ${SCHEDULES_EXPLAINED} (default: that of the preset, else decayTo:0.02)`,
      scheduleOf('--schedule'),
    )
    .option(
      '--warm-up <epochs>',
      'epochs over which the rate rises to where the schedule is (default: that of the preset, else none)',
      positiveNumber('--warm-up'),
    )
    .option(
      '--ease-in <factor>',
      'factor by which the rate grows with every mini-batch from 0.001 of it, or from another share, such as 1.05 or 1.05:0.01 (default: that of the preset, else none)',
      easingOf('--ease-in'),
    )
    .option(
      '--silent-hinge <group:s,…>',
      'strength of the hinge that brings back silent neurons of a group, s times threshold - max V of each trial in which one is silent, such as hidden:0.1 (default: that of the preset, else none)',
      numberPerName('--silent-hinge', undefined, 'from 0'),
    )
    .option(
      '--silent-label-hinge <s>',
      'strength of the same hinge on the output neuron of the label (default: that of the preset, else none)',
      nonNegativeNumber('--silent-label-hinge'),
    )
    .option(
      '--spike-budget <group:target,…>',
      'spikes per neuron and trial that a group is held to by itself, such as hidden:1.5, or hidden:1.5:4 to push back neurons above 4 (default: that of the preset, else none)',
      budgetPerGroup('--spike-budget'),
    )
    .option(
      '--loss <kind|file>',
      'loss on the readout, and its numbers, such as spikeCount:tau=20, or a loss file without a label, such as ./loss.json (default: that of the preset, else of the task)',
      lossChoice,
    )
    .option(
      '--patience <epochs>',
      'stop once so many epochs brought no better validation (default: that of the preset, else never)',
      wholeNumber('--patience', 1),
    )
    .option(
      '--keep-best',
      'end with the network of the epoch with the best validation (default: as the preset says, else the last)',
    )
}

/** A flag that is refused by its name, whatever stands behind it. */
function removedFlag(flag: string): Option {
  return new Option(`${flag} <text>`).hideHelp().argParser((text: string) => {
    throw removedOption({ field: flag, found: describeValue(text) })
  })
}
