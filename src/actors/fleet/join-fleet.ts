import type { Placement } from '../../hardware/placement.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { openRendezvous } from '../../rendezvous/open-rendezvous.js'
import { PROTOCOL_VERSION } from '../../streams/wire/frame.js'
import type { ClusterSettings } from '../cluster-options.js'
import { packageVersion } from '../package-version.js'
import { TRANSPORTS } from '../transport-table.js'
import { type Fleet, type FleetOptions, openFleet } from './fleet.js'
import type { WorkerVersions } from './fleet-messages.js'

/** What decides whether this process can compute together with others. */
export function ownVersions(): WorkerVersions {
  return { antidrome: packageVersion(), protocol: PROTOCOL_VERSION, arithmetic: ARITHMETIC_VERSION }
}

/** The workers that a session has joined; null: none, it uses this machine alone. */
export interface JoinedFleet extends AsyncDisposable {
  readonly fleet: Fleet | null
}

/** Joins the workers that the settings name, if they name any. Raises what `openRendezvous` raises. */
export async function joinFleet(
  { cores }: Placement,
  { join, processes, replicas, insecure, transport }: ClusterSettings,
  watch: Pick<FleetOptions, 'onNote' | 'signal'>,
): Promise<JoinedFleet> {
  if (join === null) return { fleet: null, [Symbol.asyncDispose]: async () => undefined }
  const { wait = 0, lease, ...server } = join
  /** What was opened, the first one first. */
  const opened: (() => PromiseLike<void>)[] = []
  const leave = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    const rendezvous = await openRendezvous({ ...server, name: 'coordinator' })
    opened.push(() => rendezvous[Symbol.asyncDispose]())
    const nats = (await TRANSPORTS[transport].openCarrier?.(server)) ?? null
    if (nats !== null) opened.push(() => nats.close())
    const fleet = await openFleet({
      rendezvous,
      processes: Math.min(processes, replicas * cores.length),
      wait,
      lease,
      versions: ownVersions(),
      authorities: server.tls?.ca,
      nats,
      insecure,
      ...watch,
    })
    opened.push(() => fleet[Symbol.asyncDispose]())
    return { fleet, [Symbol.asyncDispose]: leave }
  } catch (error) {
    await leave()
    throw error
  }
}
