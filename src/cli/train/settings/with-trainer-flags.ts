import { entryOf } from '../../../events/by-name.js'
import { InputError } from '../../../events/errors.js'
import { isLossFile, lossOf } from '../../../learning/options/loss-choice.js'
import { attributeOf, type TrainingOption } from '../../../learning/options/training-option.js'
import { OPTION_RECORDS } from '../../../learning/options/training-options.js'
import type { Task } from '../../../learning/task.js'
import type { TrainOptions } from '../../../learning/train-options.js'
import { configureTraining } from '../../../learning/training-config.js'
import type { PresetFlags } from '../../preset-flags.js'
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
  const changed = OPTION_RECORDS.flatMap(([name, record]) => {
    const before: unknown = training[name]
    const value = record.change === undefined ? valueWith(before, record, flags) : record.change(training, { ...flags })
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...training, ...Object.fromEntries(changed) }
}

/** A value as its flag changes it: beside those of other names where there is one per name, else in its place. */
function valueWith(before: unknown, { flag, per }: TrainingOption<unknown>, flags: TrainerFlags): unknown {
  const given = flag === undefined ? undefined : givenBy(flag, flags)
  if (given === undefined || per === undefined) return given ?? before
  return { ...(before as object | undefined), ...given }
}

function givenBy(flag: string, flags: TrainerFlags): object | undefined {
  return entryOf(flags as Readonly<Record<string, object>>, attributeOf(flag))
}

function inTermsOfFlags(error: unknown, flags: Flags): unknown {
  if (!(error instanceof InputError)) return error
  const [option = '', name = ''] = error.mistake.field.split('.')
  const record = OPTION_RECORDS.find(([each]) => each === option)?.[1]
  if (record?.per === undefined) return error
  const flag = flagOf(record, option, name, flags)
  if (flag !== null) return new InputError({ ...error.mistake, field: flag, cause: error })
  if (flags.preset === undefined) return error
  const field = `training.${error.mistake.field}`
  return new InputError({ ...error.mistake, file: flags.preset, field, cause: error })
}

/** The flag that has said what an option has for a name; null: none has. */
function flagOf({ flag }: TrainingOption<unknown>, option: string, name: string, flags: TrainerFlags): string | null {
  if (flag !== undefined && entryOf(givenBy(flag, flags) as Readonly<Record<string, unknown>>, name) !== undefined)
    return flag.split(' ')[0] as string
  return option === 'rates' && flags.rate !== undefined ? '--rate' : null
}
