import { copyRows } from '../../../numerics/join-rows.js'
import { type AdamLoop, type AdamMoments, momentsIn, stepOfAdam } from '../adam-loop.js'
import { writeFields } from '../wasm/fields.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ADAM_CHUNK, ADAM_STEP } from '../wasm/schema/adam-step.js'
import { type ProjectionRows, packRows, type RowShape, unpackRows, viewsOfRows } from './rows/row-order.js'

export interface KernelAdamLoopOptions {
  readonly memory: KernelMemory
  /** Addresses of the fields of a step, of the means and of the mean squares. */
  readonly fields: number
  readonly means: number
  readonly squares: number
  /** Parameters, and moments of each kind. */
  readonly count: number
  /** Processes `items` items of the job. */
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

export interface RowAdamLoopOptions {
  readonly memory: KernelMemory
  /** Address of the fields of a step. */
  readonly fields: number
  readonly shape: RowShape
  readonly means: ProjectionRows
  readonly squares: ProjectionRows
  /** Does the job, once the fields are written. */
  run(): void
}

/** The loop of Adam over weights that are learned in rows, where the kernel runs, on all its threads; moments become zeros now. */
export function createRowAdamLoop({ memory, fields, shape, means, squares, run }: RowAdamLoopOptions): AdamLoop {
  for (const moment of [means, squares]) for (const rows of viewsOfRows(memory, moment, shape)) rows.fill(0)

  function moments(): AdamMoments {
    const count = shape.size * shape.sourceSize
    const found = { means: new Float64Array(count), squares: new Float64Array(count) }
    unpackRows(memory, means, shape, found.means)
    unpackRows(memory, squares, shape, found.squares)
    return found
  }

  function restore(given: AdamMoments): void {
    packRows(memory, means, shape, given.means)
    packRows(memory, squares, shape, given.squares)
  }

  function copy(moment: ProjectionRows, earlier: Float64Array | undefined): Float64Array {
    return copyRows(viewsOfRows(memory, moment, shape), earlier)
  }

  function put(moment: ProjectionRows, kept: Float64Array): void {
    viewsOfRows(memory, moment, shape).forEach((rows, laneGroup) => {
      rows.set(kept.subarray(laneGroup * rows.length, (laneGroup + 1) * rows.length))
    })
  }

  return {
    moments,
    restore,
    keep: (earlier) => ({ means: copy(means, earlier?.means), squares: copy(squares, earlier?.squares) }),
    putBack(kept) {
      put(means, kept.means)
      put(squares, kept.squares)
    },
    step(parameters, gradients, numbers) {
      const known = moments()
      stepOfAdam(parameters, gradients, known, numbers)
      restore(known)
    },
    stepInRows(numbers) {
      writeFields(memory, ADAM_STEP, fields, { means: means.address, squares: squares.address, ...numbers })
      run()
    },
  }
}
