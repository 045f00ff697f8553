import type { OptimizerKind } from '../session.js'
import { createAdam } from './adam.js'
import type { Optimizer } from './optimizer.js'
import { createSgd } from './sgd.js'

/** An optimiser for one array of `length` parameters, without memory yet. */
export function createOptimizer(kind: OptimizerKind, length: number): Optimizer {
  switch (kind.kind) {
    case 'adam':
      return createAdam(kind, length)
    case 'sgd':
      return createSgd(kind, length)
  }
}
