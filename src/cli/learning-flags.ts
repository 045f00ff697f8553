import type { Command } from 'commander'
import { YIN_YANG_DEFAULTS } from '../data/yin-yang.js'
import { yinYangPreset } from '../data/yin-yang-preset.js'
import { PARAMETER_KINDS, requireParameterKinds } from '../learning/parameter-kinds.js'
import type { ParameterKind } from '../learning/session.js'
import { nameList, wholeNumber } from './flag-values.js'

/** What is learned and how, as far as the command line says; see `learningOf` for the rest. */
export interface LearningFlags {
  readonly learn?: readonly ParameterKind[]
  readonly hidden?: number
  readonly epochs?: number
  readonly batch?: number
}

export const DEFAULT_LEARN: readonly ParameterKind[] = ['weights', 'delays', 'thresholds']

/**
 * Adds the flags of every command that trains.
 *
 * @param epochs the default in words
 */
export function addLearningFlags(command: Command, epochs: string): Command {
  const { hidden, batch } = learningOf({})
  const kinds = nameList('--learn')
  return command
    .option(
      '--learn <kinds>',
      `what is learned, with commas: ${PARAMETER_KINDS.join(', ')} (default: "${DEFAULT_LEARN.join(',')}")`,
      (text: string) => requireParameterKinds(kinds(text), '--learn'),
    )
    .option('--hidden <n>', `hidden neurons (default: ${hidden})`, wholeNumber('--hidden', 1))
    .option('--epochs <n>', `passes over the training samples (default: ${epochs})`, wholeNumber('--epochs', 1))
    .option('--batch <n>', `samples per step (default: ${batch})`, wholeNumber('--batch', 1))
}

/** The flags with their defaults; the number of epochs depends on what is learned. */
export function learningOf(flags: LearningFlags): Required<LearningFlags> {
  const { learn = DEFAULT_LEARN } = flags
  const { task, training } = yinYangPreset(learn)
  const preset = { hidden: YIN_YANG_DEFAULTS.hidden, batch: 32, ...task, ...training }
  const { hidden = preset.hidden, epochs = preset.epochs, batch = preset.batch } = flags
  return { learn, hidden, epochs, batch }
}
