import { InputError, InternalError } from '../../events/errors.js'
import type { OptimizerState } from './optimizer.js'

/** Raises `InputError` OPTIMIZER_STATE_MISMATCH unless the state has this shape. */
export function requireState(state: OptimizerState, expected: OptimizerState): void {
  const shape = ({ kind, scalars, moments }: OptimizerState) =>
    `${kind} with ${scalars.length} scalars and moments of lengths ${moments.map((moment) => moment.length).join(', ')}`
  if (shape(state) === shape(expected)) return
  throw new InputError({
    code: 'OPTIMIZER_STATE_MISMATCH',
    field: 'optimizer state',
    found: shape(state),
    expected: shape(expected),
    remedy: 'Resume with the optimiser and network that wrote the state.',
  })
}

/** Raises `InternalError` unless both arrays have the optimiser's length. */
export function requireLengths(length: number, parameters: Float64Array, gradients: Float64Array): void {
  if (parameters.length === length && gradients.length === length) return
  throw new InternalError('An optimiser was handed arrays of the wrong length.', {
    length,
    parameters: parameters.length,
    gradients: gradients.length,
  })
}
