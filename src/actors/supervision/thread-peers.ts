import { createThreadPort } from '../../streams/links/thread-port.js'
import type { Neighbourhood } from '../partition/pathways/neighbours.js'
import type { PartitionSpec } from './cluster-spec.js'
import type { ThreadGift } from './launch-thread.js'
import { linkOverPort } from './links/link-over-port.js'
import type { Peers } from './partition-worker.js'

/** Ways of a core to those of other threads: the channels that were handed over at the start. */
export function threadPeers({ peers }: Pick<ThreadGift, 'peers'>, spec: PartitionSpec, around: Neighbourhood): Peers {
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
