import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { copyArrays } from '../../numerics/copy-arrays.js'
import type { OptimizerKind } from '../session.js'
import type { Optimizer, OptimizerChoice, OptimizerState } from './optimizer.js'
import { readMemory, readRate } from './optimizer-readers.js'
import { requireLengths, requireState } from './require-state.js'

export interface SgdOptions {
  readonly learningRate: number
  /** Default 0. */
  readonly momentum?: number
}

const READERS: Readers<SgdOptions> = { learningRate: asGiven, momentum: asGiven }

/**
 * Stochastic gradient descent with momentum.
 *
 *     u = momentum u + g        p = (1 - rate · decay) p - rate u
 *
 * Raises `InputError` OPTIMIZER_OPTION for a rate that is not positive or a momentum outside [0, 1).
 *
 * @example
 * const choice = sgd({ learningRate: 0.1, momentum: 0.9 })
 */
export function sgd(options: SgdOptions): OptimizerChoice {
  const { learningRate, momentum = 0 } = readOptions(options, READERS)
  const rate = readRate(learningRate, 'learningRate')
  readMemory(momentum, 'momentum')
  return Object.freeze({ learningRate: rate, kind: Object.freeze({ kind: 'sgd', momentum }) })
}

/** The memory of stochastic gradient descent for one array of `length` parameters. */
export function createSgd(kind: OptimizerKind & { readonly kind: 'sgd' }, length: number): Optimizer {
  const { momentum } = kind
  const velocities = new Float64Array(length)
  const copy = (earlier?: OptimizerState): OptimizerState => {
    return { kind: 'sgd', scalars: [], moments: copyArrays([velocities], earlier?.moments) }
  }
  const restore = (saved: OptimizerState) => {
    requireState(saved, copy())
    velocities.set(saved.moments[0] as Float64Array)
  }
  return {
    step(parameters, gradients, { rate, scale, keep = 1, min, max }) {
      requireLengths(length, parameters, gradients)
      for (let index = 0; index < length; index++) {
        const velocity = momentum * (velocities[index] as number) + (gradients[index] as number) * scale
        velocities[index] = velocity
        parameters[index] = Math.min(max, Math.max(min, keep * (parameters[index] as number) - rate * velocity))
      }
    },
    state: () => copy(),
    restore,
    keep: copy,
    putBack: restore,
  }
}
