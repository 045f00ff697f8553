import { type AdamLoop, stepOfAdam } from '../adam-loop.js'
import type { KernelMemory } from './kernel-memory.js'

/** The fields of a step as assembly/adam.ts reads them: nine doubles, then five 32-bit integers. */
export const ADAM_FIELD_BYTES = 128
const INTEGERS_BEHIND = 72
/** Entries that one item of the job takes. */
const CHUNK = 8192

export interface KernelAdamLoopOptions {
  readonly memory: KernelMemory
  /** Addresses of the fields of a step, of the means and of the mean squares. */
  readonly fields: number
  readonly means: number
  readonly squares: number
  /** Parameters, and moments of each kind. */
  readonly count: number
  /** Does so many items of the job. */
  run(items: number): void
}

/**
 * The loop of Adam over a part of a kernel's memory, whose moments become zeros now. It runs where the kernel does, on all
 * its threads, while parameters and gradients lie in that memory; else here.
 */
export function createKernelAdamLoop({ memory, fields, means, squares, count, run }: KernelAdamLoopOptions): AdamLoop {
  const part = (address: number) => memory.f64.subarray(address / 8, address / 8 + count)
  const moments = () => ({ means: part(means), squares: part(squares) })
  for (const values of Object.values(moments())) values.fill(0)
  return {
    moments,
    step(parameters, gradients, numbers) {
      const isHere = [parameters, gradients].every(({ buffer }) => buffer === memory.f64.buffer)
      if (!isHere) {
        stepOfAdam(parameters, gradients, moments(), numbers)
        return
      }
      const { beta1, beta2, epsilon, unbiasedRate, unbiasedRoot, scale, min, max, keep } = numbers
      const doubles = [beta1, beta2, epsilon, unbiasedRate, unbiasedRoot, scale, min, max, keep]
      memory.f64.set(doubles, fields / 8)
      memory.i32.set(
        [parameters.byteOffset, gradients.byteOffset, means, squares, count],
        (fields + INTEGERS_BEHIND) / 4,
      )
      run(Math.ceil(count / CHUNK))
    },
  }
}
