import type { KernelExports, KernelVariant } from '../wasm/instantiate.js'
import type { WebAssemblyMemory, WebAssemblyModule } from '../wasm/web-assembly.js'

/** What threads need to work on a kernel. */
export interface PoolKernel {
  readonly module: WebAssemblyModule
  readonly memory: WebAssemblyMemory
  /** Address of each thread's scratch lanes. */
  readonly scratch: readonly number[]
  /** The instance of the calling thread. */
  readonly code: KernelExports
}

/** Threads that share the work of kernels. What they work out never depends on how many they are. */
export interface WorkerPool {
  /** The calling thread included. */
  readonly size: number
  readonly variant: KernelVariant
  /** Makes a kernel known to all threads; returns its number. */
  enlist(kernel: PoolKernel): number
  /**
   * Does the items 0 … count - 1 of a job, each on whichever thread is free; returns when all are done.
   *
   * @param after called on this thread after each item done here
   */
  run(kernel: number, job: number, count: number, after: () => void): void
}

/** The calling thread alone. */
export function createSoloPool(): WorkerPool {
  const kernels: PoolKernel[] = []
  return {
    size: 1,
    variant: 'plain',
    enlist: (kernel) => kernels.push(kernel) - 1,
    run(kernel, job, count, after) {
      const code = kernels[kernel]?.code
      for (let item = 0; item < count; item++) {
        code?.run(job, item)
        after()
      }
    },
  }
}
