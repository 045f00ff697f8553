import { type FileOptionName, OPTION_RECORDS } from '../../learning/options/training-options.js'
import { refuseRemoved, withoutRemoved } from '../../learning/removed-options.js'
import type { ParameterKind } from '../../learning/session.js'
import type { TrainOptions } from '../../learning/train-options.js'
import { fieldIn, type Readers, readFields } from '../../network/reading/read-fields.js'
import { readRecord } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'

/** What the training of a preset can say: the options that are data. */
export type PresetTraining = Pick<TrainOptions, FileOptionName>

/** Readers of the training of a preset. */
const TRAINING_READERS = Object.freeze(
  Object.fromEntries(OPTION_RECORDS.flatMap(([name, { read }]) => (read === undefined ? [] : [[name, read]]))),
) as unknown as Readers<PresetTraining>

/**
 * The training of a preset; optimiser, epochs and what is learned must be said, or FIELD_MISSING is raised. Raises
 * TRAIN_OPTION_REMOVED for options that were removed, unless they are passed over.
 */
export function readTraining(
  value: unknown,
  field: string,
  removed: 'refused' | 'passed over' = 'refused',
): PresetTraining & { readonly learn: readonly ParameterKind[] } {
  if (removed === 'refused') refuseRemoved(value, field)
  const given = removed === 'refused' ? value : withoutRemoved(readRecord(value, field))
  const { optimizer, epochs, learn, ...training } = readFields<PresetTraining>(given, field, TRAINING_READERS)
  return {
    ...training,
    optimizer: required(optimizer, fieldIn(field, 'optimizer'), 'an optimiser'),
    epochs: required(epochs, fieldIn(field, 'epochs'), 'an integer from 1'),
    learn: required(learn, fieldIn(field, 'learn'), 'a list of kinds of parameters'),
  }
}

function required<Value>(value: Value | undefined, field: string, expected: string): Value {
  if (value === undefined) throw wrongType(value, field, expected)
  return value
}
