import type { ClusterOptions, Transport } from '../actors/cluster-options.js'
import { type ClusterSession, openCluster } from '../actors/open-cluster.js'
import { InputError } from '../events/errors.js'
import { placeOnCores } from '../hardware/place.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Network } from '../network/network.js'
import { type LinkFlags, type PlaceFlags, transportOf } from './run-flags.js'

/** The flag that an option of a cluster, or of its listener, has on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  'options.silence': '--silence',
  'options.host': '--listen',
  'options.port': '--listen',
  host: '--listen',
  port: '--listen',
}

/** At most 1 s, and often enough that one lost word is no silence. */
const MOST_HEARTBEAT = 1000
const HEARTBEATS_PER_SILENCE = 4

/** Raises `InputError` CORES_TOO_MANY, naming `--cores`, if the network has fewer blocks. */
export function placementFor(network: Network, cores: number): Placement {
  return cores === 1 ? singleCore(network) : placeOnCores(network, cores, '--cores')
}

/**
 * Opens a network on as many cores as the flags say.
 *
 * Raises `InputError`, naming the flag, before anything is started: `CORES_TOO_MANY`, `FLAG_CONFLICT`, `PORT_IN_USE` and
 * its like; and whatever `openCluster` raises.
 */
export async function openOnCores(
  network: Network,
  flags: Pick<PlaceFlags, 'cores' | 'transport' | 'listen' | 'silence' | 'seed'>,
  placement: Placement = placementFor(network, flags.cores),
): Promise<ClusterSession> {
  const transport = transportOf(flags)
  refuseIdleListener(flags, [transport])
  try {
    return await openCluster(network, placement, { transport, seed: flags.seed, ...linkOptions(flags) })
  } catch (error) {
    const flag = error instanceof InputError ? FLAGS[error.mistake.field] : undefined
    throw error instanceof InputError && flag !== undefined
      ? new InputError({ ...error.mistake, field: flag, cause: error })
      : error
  }
}

/** A listener that nobody would dial is a misunderstanding. */
export function refuseIdleListener({ listen }: Pick<LinkFlags, 'listen'>, transports: readonly Transport[]): void {
  if (listen === undefined || transports.includes('websocket')) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--listen',
    found: `the flag beside --transport ${transports.join(',')}`,
    expected: 'it only where cores are linked by websockets',
    remedy: 'Leave it out, or give --transport websocket.',
  })
}

function linkOptions({ listen, silence }: Pick<LinkFlags, 'listen' | 'silence'>): Partial<ClusterOptions> {
  return { ...listen, silence, heartbeat: Math.min(MOST_HEARTBEAT, silence / HEARTBEATS_PER_SILENCE) }
}
