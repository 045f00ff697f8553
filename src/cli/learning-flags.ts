import type { Command } from 'commander'
import { adaptPreset } from '../data/presets/adapt-preset.js'
import { defaultPresetOf, packagedPreset, packagedPresetNames } from '../data/presets/packaged-presets.js'
import { PARAMETER_KINDS, requireParameterKinds } from '../learning/parameter-kinds.js'
import type { ParameterKind } from '../learning/session.js'
import { nameList, someText, wholeNumber, wholeNumbers } from '../network/reading/flag-values.js'

/** What is learned and how, as far as the command line says; the preset says the rest. */
export interface LearningFlags {
  readonly learn?: readonly ParameterKind[]
  readonly hidden?: readonly number[]
  readonly recurrent?: boolean
  readonly epochs?: number
  readonly batch?: number
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
  const kinds = nameList('--learn')
  return command
    .option(
      '--preset <name|file>',
      `settings to start from, which other flags change: ${packagedPresetNames().join(', ')}, or a file (default: that of the task)`,
      someText('--preset', 'the name of a preset, or a file'),
    )
    .option(
      '--learn <kinds>',
      `what is learned, with commas: ${PARAMETER_KINDS.join(', ')} (default: "${training.learn.join(',')}" on yin-yang, else what the preset says)`,
      (text: string) => requireParameterKinds(kinds(text), '--learn'),
    )
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
    .option('--epochs <n>', `passes over the training samples (default: ${epochs})`, wholeNumber('--epochs', 1))
    .option(
      '--batch <n>',
      `samples per step (default: ${training.batch} on yin-yang, else those of the preset)`,
      wholeNumber('--batch', 1),
    )
    .option(...DATA_FLAG)
}
