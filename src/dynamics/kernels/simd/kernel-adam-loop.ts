import { type AdamLoop, momentsIn, stepOfAdam } from '../adam-loop.js'
import { writeFields } from '../wasm/fields.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ADAM_CHUNK, ADAM_STEP } from '../wasm/schema/adam-step.js'

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
    ...momentsIn(moments),
    step(parameters, gradients, numbers) {
      const isHere = [parameters, gradients].every(({ buffer }) => buffer === memory.f64.buffer)
      if (!isHere) {
        stepOfAdam(parameters, gradients, moments(), numbers)
        return
      }
      const { byteOffset } = parameters
      const places = { parameters: byteOffset, gradients: gradients.byteOffset, means, squares, count }
      writeFields(memory, ADAM_STEP, fields, places)
      writeFields(memory, ADAM_STEP, fields, numbers)
      run(Math.ceil(count / ADAM_CHUNK))
    },
  }
}
