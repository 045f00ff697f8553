import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { instantiateKernel, type KernelExports } from '../../../dynamics/kernels/wasm/instantiate.js'
import { InternalError } from '../../../events/errors.js'
import type { PoolGift, SharedKernel } from './kernel-pool.js'
import { createWorkBoard, type WorkItem } from './work-board.js'

// A thread of a worker pool: does items of jobs until it is dismissed. It sleeps in between and never sees its event loop.
const { board: memory, kernels: port } = workerData as PoolGift
const board = createWorkBoard(memory)
const kernels: KernelExports[] = []

while (board.await()) board.workOff(doItem)
process.exit(0)

function doItem({ kernel, job, item }: WorkItem): void {
  while (kernels.length <= kernel) kernels.push(nextKernel())
  kernels[kernel]?.run(job, item)
}

/** Kernels are sent before work on them is announced. */
function nextKernel(): KernelExports {
  const received = receiveMessageOnPort(port)
  if (received === undefined) throw new InternalError('There is work on a kernel that this thread was not given.')
  const { module, memory: shared, thread, scratch } = received.message as SharedKernel
  const code = instantiateKernel(module, shared)
  code.attach(thread, scratch)
  return code
}
