import { type AdamLoop, createAdamLoop } from '../../dynamics/kernels/adam-loop.js'
import type { OptimizerKind } from '../session.js'
import { createAdam } from './adam.js'
import type { Optimizer } from './optimizer.js'
import { createSgd } from './sgd.js'

/**
 * An optimiser for one array of `length` parameters, without memory yet.
 *
 * @param adamLoop where Adam's moments are and its loop runs; default: in arrays of their own
 */
export function createOptimizer(
  kind: OptimizerKind,
  length: number,
  adamLoop: () => AdamLoop = () => createAdamLoop(length),
): Optimizer {
  switch (kind.kind) {
    case 'adam':
      return createAdam(kind, length, adamLoop())
    case 'sgd':
      return createSgd(kind, length)
  }
}

/** Whether an optimiser of one kind continues as one of the other would. */
export function isSameMethod(a: OptimizerKind, b: OptimizerKind): boolean {
  if (a === b) return true
  if (a.kind === 'sgd') return b.kind === 'sgd' && a.momentum === b.momentum
  return b.kind === 'adam' && a.beta1 === b.beta1 && a.beta2 === b.beta2 && a.epsilon === b.epsilon
}
