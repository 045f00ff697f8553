import { workerData } from 'node:worker_threads'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import type { ThreadGift } from './launch-thread.js'
import { controlOptions } from './link-plan.js'
import { runWorker } from './partition-worker.js'
import { threadPeers } from './thread-peers.js'

// The thread of one core: what it is to do was handed over when it was started.
const gift = workerData as ThreadGift
const options = controlOptions(gift.spec, { role: 'dial', index: gift.spec.core, peers: [COORDINATOR] })
try {
  await runWorker({
    spec: gift.spec,
    control: createLink(createThreadPort(gift.control), options),
    openPeers: async (around) => threadPeers(gift, around),
  })
  process.exit(0)
} catch {
  // The coordinator knows why.
  process.exit(1)
}
