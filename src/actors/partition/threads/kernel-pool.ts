import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { createSoloPool, type PoolKernel, type WorkerPool } from '../../../dynamics/kernels/simd/worker-pool.js'
import type { WebAssemblyMemory, WebAssemblyModule } from '../../../dynamics/kernels/wasm/web-assembly.js'
import { InternalError } from '../../../events/errors.js'
import { exhaustionOf } from '../../../events/exhaustion.js'
import { createWorkBoard, type WorkBoard, type WorkItem } from './work-board.js'

const ENTRY = new URL('./kernel-thread.js', import.meta.url)

/** What a thread of a worker pool is given when it starts; kernels come over the port. */
export interface PoolGift {
  readonly board: SharedArrayBuffer
  readonly kernels: MessagePort
}

/** A kernel as a thread learns of it. */
export interface SharedKernel {
  readonly module: WebAssemblyModule
  readonly memory: WebAssemblyMemory
  /** The number of the thread, and its scratch lanes. */
  readonly thread: number
  readonly scratch: number
}

/** A worker pool that can be dismissed. */
export interface KernelPool extends WorkerPool {
  close(): Promise<void>
}

/**
 * Opens a worker pool.
 *
 * @param threads number of threads, this one included. A thread takes part as soon as it has started; until then the
 * others do its work
 */
export function openKernelPool(threads: number): KernelPool {
  if (threads === 1) return { ...createSoloPool(), close: async () => undefined }
  const board = createWorkBoard()
  const helpers = Array.from({ length: threads - 1 }, () => startHelper(board))
  const kernels: PoolKernel[] = []

  function doItem({ kernel, job, item }: WorkItem): void {
    kernels[kernel]?.code.run(job, item)
  }

  /** A thread that could not start, or has died; the items that it had taken were reported as failed. */
  function failure(): Error {
    const [cause] = helpers.flatMap(({ failures }) => failures)
    const exhaustion = exhaustionOf(cause)
    if (exhaustion !== null) return exhaustion
    return new InternalError(`A thread of the kernels failed${cause === undefined ? '' : `: ${cause.message}`}.`)
  }

  return {
    size: threads,
    variant: 'shared',
    enlist(kernel) {
      const { module, memory, scratch } = kernel
      helpers.forEach(({ port }, helper) => {
        const thread = helper + 1
        port.postMessage({ module, memory, thread, scratch: scratch[thread] as number } satisfies SharedKernel)
      })
      return kernels.push(kernel) - 1
    },
    run(kernel, job, count, after) {
      if (count === 0) return
      if (helpers.some(({ failures }) => failures.length > 0)) throw failure()
      board.announce(kernel, job, count)
      board.workOff(doItem, after)
      if (!board.join()) throw failure()
    },
    async close() {
      board.close()
      await Promise.all(helpers.map(({ end }) => end()))
    },
  }
}

interface Helper {
  readonly port: MessagePort
  /** What ended it too early, if anything did. */
  readonly failures: readonly Error[]
  /** Resolves once the thread is gone; until then it keeps the process, or nothing behind a `close` would happen. */
  end(): Promise<void>
}

function startHelper(board: WorkBoard): Helper {
  const { port1, port2 } = new MessageChannel()
  const gift: PoolGift = { board: board.memory, kernels: port2 }
  const worker = new Worker(ENTRY, { workerData: gift, transferList: [port2], execArgv: [] })
  const failures: Error[] = []
  worker.on('error', (error) => failures.push(error))
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  // A session that is never closed must not keep the process from ending.
  worker.unref()
  port1.unref()
  return {
    port: port1,
    failures,
    end() {
      worker.ref()
      return ended
    },
  }
}
