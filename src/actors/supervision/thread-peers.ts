import { createLink } from '../../streams/links/create-link.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import type { Neighbourhood } from '../partition/neighbours.js'
import type { ThreadGift } from './launch-thread.js'
import { linkOptions } from './link-plan.js'
import type { Peers } from './partition-worker.js'

/** Ways to the other threads: the channels that were handed over at the start. */
export function threadPeers({ spec, peers }: ThreadGift, { groupOf }: Neighbourhood): Peers {
  const { core } = spec
  return {
    address: null,
    async linkTo(peer) {
      const channel = peers.find((way) => way.core === peer)
      if (channel === undefined) throw new RangeError(`core ${core} has no channel to core ${peer}`)
      const role = peer > core ? 'accept' : 'dial'
      const nameOf = (stream: number) => groupOf(stream, core, peer)
      const port = createThreadPort(channel.port)
      const link = createLink(port, linkOptions(spec, { role, index: core, peers: [peer], nameOf }))
      await link.opened
      return link
    },
    close: async () => undefined,
  }
}
