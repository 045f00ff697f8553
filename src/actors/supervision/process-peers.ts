import type { Neighbourhood } from '../partition/pathways/neighbours.js'
import type { PartitionSpec, ProcessSpec } from './cluster-spec.js'
import { dialLink } from './links/dial-link.js'
import type { Door } from './links/door.js'
import type { LinkCarrier } from './links/link-carrier.js'
import { linkOverPort, peerOptions } from './links/link-over-port.js'
import type { PeerSecret } from './links/link-secrets.js'
import type { Peers } from './partition-worker.js'

/** A core of a process, among others behind the door of that process. */
export type DoorKeeper = PartitionSpec & Pick<ProcessSpec, 'cores' | 'authorities'>

/** The ways of a process to others. */
export interface Ways {
  readonly door: Door
  readonly carrier: LinkCarrier
}

/**
 * Ways of a core to those of other processes: of two, the one with the higher number dials. Resolves once they can.
 */
export async function openProcessPeers(
  { door, carrier }: Ways,
  keeper: DoorKeeper,
  around: Neighbourhood,
  secrets: readonly PeerSecret[],
): Promise<Peers> {
  const { core, cores, startLimit: patience, authorities } = keeper
  const isElsewhere = (peer: number) => cores.every((held) => held.core !== peer)
  const higher = secrets.filter(({ peer }) => peer > core && isElsewhere(peer))
  const guests = new Map(
    higher.map((secret) => [
      secret.peer,
      door.expect({
        own: core,
        peer: secret.peer,
        secret: secret.secret,
        optionsFor: (refusal) => ({ ...peerOptions(keeper, secret, around), refusal }),
      }),
    ]),
  )
  await door.ready()
  return {
    address: door.address,
    async linkTo(secret, address) {
      const guest = guests.get(secret.peer)
      if (guest !== undefined) return guest
      if (address === null) throw new RangeError(`core ${secret.peer} has no address`)
      const port = await dialLink(address, { ...secret, own: core, patience, authorities }, carrier)
      return linkOverPort(port, keeper, secret, around)
    },
  }
}
