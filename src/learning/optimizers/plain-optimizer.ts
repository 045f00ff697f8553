import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readRecord } from '../../network/reading/read-value.js'
import type { OptimizerKind } from '../session.js'
import type { OptimizerChoice } from './optimizer.js'
import { requireFraction, requirePositive } from './require-number.js'

/** What a trainer is told of an optimiser, checked; raises what `plainOptimizer` does. */
export function plainChoice(given: unknown, field: string): OptimizerChoice {
  const choice = readRecord(given, field)
  refuseUnknown(choice, ['learningRate', 'kind'], field)
  const { learningRate, kind } = choice
  requirePositive(`${field}.learningRate`, learningRate)
  return { learningRate, kind: plainOptimizer(kind as OptimizerKind, `${field}.kind`) }
}

/**
 * A kind of optimiser as plain data, with its numbers checked.
 *
 * Raises `InputError` OPTIMIZER_KIND_UNKNOWN, OPTIMIZER_OPTION, FIELD_MISSING, FIELD_TYPE.
 *
 * @param field what it is called where it was given
 */
export function plainOptimizer(given: OptimizerKind, field: string): OptimizerKind {
  const fields = readRecord(given, field)
  switch (given.kind) {
    case 'adam': {
      refuseUnknown(fields, ['kind', 'beta1', 'beta2', 'epsilon'], field)
      const { beta1, beta2, epsilon } = given
      requireFraction(`${field}.beta1`, beta1)
      requireFraction(`${field}.beta2`, beta2)
      requirePositive(`${field}.epsilon`, epsilon)
      return { kind: 'adam', beta1, beta2, epsilon }
    }
    case 'sgd': {
      refuseUnknown(fields, ['kind', 'momentum'], field)
      const { momentum } = given
      requireFraction(`${field}.momentum`, momentum)
      return { kind: 'sgd', momentum }
    }
    default:
      throw new InputError({
        code: 'OPTIMIZER_KIND_UNKNOWN',
        field: `${field}.kind`,
        found: describeValue(fields.kind),
        expected: '"adam" or "sgd"',
      })
  }
}
