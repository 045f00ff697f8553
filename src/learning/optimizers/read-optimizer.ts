import { refuseUnknown } from '../../network/reading/read-fields.js'
import { type Reader, readRecord } from '../../network/reading/read-value.js'
import { variantOf } from '../../network/reading/read-variant.js'
import type { OptimizerKind } from '../session.js'
import type { OptimizerChoice } from './optimizer.js'
import { readMemory, readRate } from './optimizer-readers.js'

/**
 * A kind of optimiser as plain data, with its numbers checked.
 *
 * Raises `InputError` OPTIMIZER_KIND_UNKNOWN, OPTIMIZER_OPTION, FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN.
 */
export const readOptimizerKind = variantOf<OptimizerKind, 'kind'>(
  'kind',
  { adam: { beta1: readMemory, beta2: readMemory, epsilon: readRate }, sgd: { momentum: readMemory } },
  { code: 'OPTIMIZER_KIND_UNKNOWN' },
)

/** What a trainer receives of an optimiser, checked; raises what `readOptimizerKind` does. */
export const readOptimizerChoice: Reader<OptimizerChoice> = (given, field) => {
  const choice = readRecord(given, field)
  refuseUnknown(choice, ['learningRate', 'kind'], field)
  return {
    learningRate: readRate(choice.learningRate, `${field}.learningRate`),
    kind: readOptimizerKind(choice.kind, `${field}.kind`),
  }
}
