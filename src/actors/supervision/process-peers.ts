import { nameOfLink, nameOfSide } from '../../streams/links/link-options.js'
import { dialWebsocket } from '../../streams/links/websocket-dial.js'
import { listenForLinks } from '../../streams/links/websocket-listener.js'
import type { Neighbourhood } from '../partition/neighbours.js'
import { acceptPeers } from './accept-peers.js'
import { linkOverPort } from './link-over-port.js'
import { linkOptions, listenOptions } from './link-plan.js'
import type { Peers } from './partition-worker.js'
import { socketIn } from './socket-folder.js'
import type { ProcessSpec, WorkerSpec } from './worker-spec.js'

/** Ways of a core to those of other processes: of two, the one with the higher number dials. */
export async function openProcessPeers(spec: ProcessSpec & WorkerSpec, around: Neighbourhood): Promise<Peers> {
  const { core, cores, place } = spec
  const { neighbours, groupOf, useOf } = around
  const own = 'folder' in place ? { path: socketIn(place.folder, `core-${core}`) } : place
  const higher = (neighbours[core] ?? []).filter((peer) => peer > core && !cores.includes(peer))
  const listener = await listenForLinks({ ...listenOptions(spec, neighbours.length), ...own })
  const accepted = acceptPeers(listener, {
    peers: higher,
    optionsFor: (peers, refusal) => {
      // Who it is shows only after the link has been made, so it may be any of them.
      const nameOf = (stream: number) => {
        const peer = peers.find((candidate) => groupOf(stream, core, candidate) !== undefined)
        return peer === undefined ? undefined : groupOf(stream, core, peer)
      }
      return linkOptions(spec, { role: 'accept', index: core, peers, refusal, nameOf, useOf })
    },
  })
  return {
    address: listener.address,
    async linkTo(peer, address) {
      if (peer > core) return accepted.from(peer)
      const port = await dialWebsocket(address ?? '', {
        patience: spec.startLimit,
        link: nameOfLink(core, peer),
        peer: nameOfSide(peer),
      })
      return linkOverPort(port, spec, peer, around)
    },
    close: () => listener.close(),
  }
}
