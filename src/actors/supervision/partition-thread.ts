import { workerData } from 'node:worker_threads'
import { messageOf } from '../../events/message-of.js'
import { createLink } from '../../streams/links/create-link.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import type { Neighbourhood } from '../partition/pathways/neighbours.js'
import type { PartitionSpec } from './cluster-spec.js'
import { IN_PARTITION } from './in-partition.js'
import { registerLoaders } from './inherited-loaders.js'
import { writeLastWords } from './last-output.js'
import { workerControlOptions } from './links/cluster-link-options.js'
import { linkOverPort } from './links/link-over-port.js'
import type { Peers } from './links/neighbour-links.js'
import type { ThreadGift } from './open-thread-launcher.js'
import { runCoreWorker } from './run-core-worker.js'
import { machineMicroseconds, memoryInUse, wallSeconds } from './system-clock.js'
import { verbNotes } from './verb-memory.js'

// The thread of one or more cores: what it is to do was handed over when it was started.
process.env[IN_PARTITION] = 'yes'
const gift = workerData as ThreadGift
try {
  await registerLoaders()
  await runCoreWorker({
    spec: gift.spec,
    noteVerbs: verbNotes(gift.verbs),
    async controlOf(own) {
      const channel = gift.controls.find(({ core }) => core === own.core)
      if (channel === undefined) throw new RangeError(`core ${own.core} has no channel to the coordinator`)
      return createLink(createThreadPort(channel.port), workerControlOptions(own, { role: 'dial' }))
    },
    openPeers: async (own, around) => threadPeers(gift, own, around),
    seconds: wallSeconds,
    memory: memoryInUse,
    microseconds: machineMicroseconds,
  })
  process.exit(0)
} catch (error) {
  writeLastWords(messageOf(error), () => process.exit(1))
}

/** Ways of a core to those of other threads: the channels that were handed over at the start. */
function threadPeers({ peers }: Pick<ThreadGift, 'peers'>, spec: PartitionSpec, around: Neighbourhood): Peers {
  const { core } = spec
  return {
    address: null,
    async linkTo(secret) {
      const channel = peers.find((way) => way.core === core && way.peer === secret.peer)
      if (channel === undefined) throw new RangeError(`core ${core} has no channel to core ${secret.peer}`)
      return linkOverPort(createThreadPort(channel.port), spec, secret, around)
    },
  }
}
