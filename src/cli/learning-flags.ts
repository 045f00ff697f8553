import type { Command, Option } from 'commander'
import { adaptPreset } from '../data/presets/adapt-preset.js'
import { defaultPresetOf, packagedPreset, packagedPresetNames } from '../data/presets/packaged-presets.js'
import { type OptionFlags, TRAINING_OPTIONS } from '../learning/options/training-options.js'
import { someText, wholeNumbers } from '../network/reading/flag-values.js'
import { optionFlag } from './flag-record.js'
import { SET_FLAG } from './preset-changes.js'

/** The options of a training that every command has which takes the network or the samples of a task. */
export const TASK_OPTIONS = ['learn', 'epochs', 'batch'] as const
type TaskOption = (typeof TASK_OPTIONS)[number]

/** What is learned and how, as far as the command line says; the preset says the rest. */
export interface LearningFlags extends Pick<OptionFlags, TaskOption> {
  readonly hidden?: readonly number[]
  readonly recurrent?: boolean
}

/** Of every command that takes samples. */
export const DATA_FLAG = [
  '--data <path>',
  'folder with the files of mnist or fashion-mnist, or file or folder with the recordings of events (default: none; the others are generated)',
  someText('--data', 'a file or a folder'),
] as const

/** Adds the flags that say which network a task has. */
export function addNetworkFlags(command: Command): Command {
  const { options, training } = adaptPreset(packagedPreset(defaultPresetOf('yin-yang')))
  return command
    .option(
      '--preset <name|file>',
      `settings to start from, which other flags change: ${packagedPresetNames().join(', ')}, or a file (default: that of the task)`,
      someText('--preset', 'the name of a preset, or a file'),
    )
    .option(...SET_FLAG)
    .addOption(flagOf('learn', `"${training.learn.join(',')}" on yin-yang, else what the preset says`))
    .option(
      '--hidden <n>',
      `hidden neurons, or those of each layer with commas (default: ${options.hidden} on yin-yang, else those of the preset)`,
      wholeNumbers('--hidden', 1),
    )
    .option('--recurrent', 'join every hidden layer to itself (default: as the preset says)')
}

/**
 * Adds the flags of every command that trains.
 *
 * @param epochs the default in words
 */
export function addLearningFlags(command: Command, epochs: string): Command {
  const { training } = adaptPreset(packagedPreset(defaultPresetOf('yin-yang')))
  return addNetworkFlags(command)
    .addOption(flagOf('epochs', epochs))
    .addOption(flagOf('batch', `${training.batch} on yin-yang, else those of the preset`))
    .option(...DATA_FLAG)
}

/** @param fallback the default in words */
function flagOf(name: TaskOption, fallback: string): Option {
  const { flag, says, parse } = TRAINING_OPTIONS[name]
  return optionFlag(flag, `${says} (default: ${fallback})`, parse)
}
