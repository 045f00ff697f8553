import type { AdamLoop, AdamMoments, AdamStep } from '../../dynamics/kernels/adam-loop.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import type { OptimizerKind } from '../session.js'
import type { Optimizer, OptimizerChoice, OptimizerState, StepSize } from './optimizer.js'
import { readMemory, readRate } from './optimizer-readers.js'
import { requireLengths, requireState } from './require-state.js'

export interface AdamOptions {
  readonly learningRate: number
  /** Memory of the mean gradient; default 0.9. */
  readonly beta1?: number
  /** Memory of the mean square; default 0.999. */
  readonly beta2?: number
  /** Default 1e-8. */
  readonly epsilon?: number
}

const READERS: Readers<AdamOptions> = { learningRate: asGiven, beta1: asGiven, beta2: asGiven, epsilon: asGiven }

/**
 * Adam: steps of the size of the learning rate, whatever the scale of the gradient.
 *
 *     m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 *     p = p - (rate / (1 - beta1^n)) m / (sqrt(v) (1 / sqrt(1 - beta2^n)) + epsilon)
 *
 * With decay, p on the right is (1 - rate · decay) p: decoupled from the gradient (AdamW).
 *
 * Raises `InputError` OPTIMIZER_OPTION for a rate or epsilon that is not positive or a beta outside [0, 1).
 * Source: Kingma & Ba 2015 (arXiv 1412.6980),
 * Loshchilov & Hutter 2019 (arXiv 1711.05101).
 *
 * @example
 * const choice = adam({ learningRate: 5e-3 })
 */
export function adam(options: AdamOptions): OptimizerChoice {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = readOptions(options, READERS)
  const rate = readRate(learningRate, 'learningRate')
  readMemory(beta1, 'beta1')
  readMemory(beta2, 'beta2')
  readRate(epsilon, 'epsilon')
  const kind = Object.freeze({ kind: 'adam', beta1, beta2, epsilon })
  return Object.freeze({ learningRate: rate, kind })
}

/** The memory of Adam for one array of `length` parameters, whose moments and loop are given. */
export function createAdam(kind: OptimizerKind & { readonly kind: 'adam' }, length: number, loop: AdamLoop): Optimizer {
  const { beta1, beta2, epsilon } = kind
  // beta^n as a running product: a power function would tie the bits to a library.
  let power1 = 1
  let power2 = 1
  const saved = ({ means, squares }: AdamMoments): OptimizerState => {
    return { kind: 'adam', scalars: [power1, power2], moments: [means, squares] }
  }
  const momentsOf = ({ moments: [means, squares] }: OptimizerState): AdamMoments => {
    return { means: means as Float64Array, squares: squares as Float64Array }
  }
  const takePowers = ({ scalars }: OptimizerState) => {
    ;[power1, power2] = scalars as [number, number]
  }
  const next = ({ rate, scale, keep = 1, min, max }: StepSize): AdamStep => {
    power1 *= beta1
    power2 *= beta2
    const unbiasedRate = rate / (1 - power1)
    const unbiasedRoot = 1 / Math.sqrt(1 - power2)
    return { beta1, beta2, epsilon, unbiasedRate, unbiasedRoot, scale, keep, min, max }
  }
  const { stepInRows } = loop
  return {
    step(parameters, gradients, size) {
      requireLengths(length, parameters, gradients)
      loop.step(parameters, gradients, next(size))
    },
    ...(stepInRows && { stepInRows: (size: StepSize) => stepInRows(next(size)) }),
    state: () => saved(loop.moments()),
    restore(state) {
      requireState(state, saved(loop.moments()))
      takePowers(state)
      loop.restore(momentsOf(state))
    },
    keep: (earlier) => saved(loop.keep(earlier && momentsOf(earlier))),
    putBack(kept) {
      takePowers(kept)
      loop.putBack(momentsOf(kept))
    },
  }
}
