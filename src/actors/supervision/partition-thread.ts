import { workerData } from 'node:worker_threads'
import { createLink } from '../../streams/links/create-link.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import type { ThreadGift } from './launch-thread.js'
import { workerControlOptions } from './link-plan.js'
import { runWorker } from './partition-worker.js'
import { machineMicroseconds, memoryInUse, wallSeconds } from './system-clock.js'
import { threadPeers } from './thread-peers.js'

// The thread of one core: what it is to do was handed over when it was started.
const gift = workerData as ThreadGift
try {
  await runWorker({
    spec: gift.spec,
    control: createLink(createThreadPort(gift.control), workerControlOptions(gift.spec)),
    openPeers: async (around) => threadPeers(gift, around),
    seconds: wallSeconds,
    memory: memoryInUse,
    microseconds: machineMicroseconds,
  })
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1))
}
