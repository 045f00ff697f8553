import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import type { Port } from '../../streams/links/port.js'
import type { Neighbourhood } from '../partition/neighbours.js'
import { linkOptions } from './link-plan.js'
import type { WorkerSpec } from './worker-spec.js'

/**
 * A core's end of its link to a peer, over a port whose other end the peer has; of two, the one with the higher number
 * dials. Resolves once both sides have agreed.
 */
export async function linkOverPort(
  port: Port,
  spec: WorkerSpec,
  peer: number,
  { groupOf, useOf }: Neighbourhood,
): Promise<Link> {
  const { core } = spec
  const role = peer > core ? 'accept' : 'dial'
  const nameOf = (stream: number) => groupOf(stream, core, peer)
  const link = createLink(port, linkOptions(spec, { role, index: core, peers: [peer], nameOf, useOf }))
  await link.opened
  return link
}
