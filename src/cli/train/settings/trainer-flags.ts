import { type Command, Option } from 'commander'
import type { FlagMeaning, TrainingOption } from '../../../learning/options/training-option.js'
import { OPTION_RECORDS, type OptionFlags } from '../../../learning/options/training-options.js'
import { REMOVED_OPTIONS, removedOption } from '../../../learning/removed-options.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { optionFlag } from '../../flag-record.js'
import { type LearningFlags, TASK_OPTIONS } from '../../learning-flags.js'

/** How is learned, where the command line says it otherwise than the settings of the task. */
export type TrainerFlags = Omit<OptionFlags, keyof LearningFlags>

export function addTrainerFlags(command: Command): Command {
  for (const flag of Object.values(REMOVED_OPTIONS)) command.addOption(removedFlag(flag))
  for (const [name, record] of OPTION_RECORDS)
    if (!TASK_OPTIONS.some((option) => option === name)) for (const flag of flagsOf(record)) command.addOption(flag)
  return command
}

function flagsOf({ flag, says = '', parse, more = {} }: TrainingOption<unknown>): readonly Option[] {
  const further = Object.entries<FlagMeaning<unknown>>(more).map(([each, meaning]) => {
    return optionFlag(each, meaning.says, meaning.parse)
  })
  return flag === undefined ? further : [optionFlag(flag, says, parse), ...further]
}

/** A flag that is refused by its name, whatever stands behind it. */
function removedFlag(flag: string): Option {
  return new Option(`${flag} <text>`).hideHelp().argParser((text: string) => {
    throw removedOption({ field: flag, found: describeValue(text) })
  })
}
