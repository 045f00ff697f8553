import type { Link } from '../../../streams/link.js'
import { createLink } from '../../../streams/links/create-link.js'
import type { LinkOptions } from '../../../streams/links/link-options.js'
import type { Port } from '../../../streams/links/port.js'
import type { Neighbourhood } from '../../partition/pathways/neighbours.js'
import type { PartitionSpec } from '../cluster-spec.js'
import { linkOptions } from './cluster-link-options.js'
import type { PeerSecret } from './link-secrets.js'

/** The options of a core's end of its link to a peer; of two, the one with the higher number dials. */
export function peerOptions(
  { core, secret: _, ...spec }: PartitionSpec,
  { peer, secret }: PeerSecret,
  { groupOf, useOf }: Neighbourhood,
): LinkOptions {
  const role = peer > core ? 'accept' : 'dial'
  const nameOf = (stream: number) => groupOf(stream, core, peer)
  return linkOptions(spec, { role, index: core, peers: [peer], token: secret, nameOf, useOf })
}

/** A core's end of its link to a peer, over a port whose other end the peer has. Resolves once both sides have agreed. */
export async function linkOverPort(
  port: Port,
  spec: PartitionSpec,
  peer: PeerSecret,
  around: Neighbourhood,
): Promise<Link> {
  const link = createLink(port, peerOptions(spec, peer, around))
  await link.opened
  return link
}
