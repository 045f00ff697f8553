import { CLUSTER_DEFAULTS, type ClusterOptions, MOST_TIME } from '../actors/cluster-options.js'
import type { ClusterSession, Restart } from '../actors/cluster-session.js'
import { openCluster } from '../actors/open-cluster.js'
import { placeOnCores } from '../hardware/place-on-cores.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Network } from '../network/description/network.js'
import type { Lease } from '../storage/checkpoint/lease.js'
import { optionsOf } from './flag-record.js'
import { inTermsOfFlags } from './in-terms-of-flags.js'
import type { RemoteFlags } from './join/join-flags.js'
import { inTermsOfJoinFlags } from './join/join-rendezvous.js'
import { readJoin } from './join/read-join.js'
import { isRemote } from './join/require-remote.js'
import { OPTION_FLAGS, type PlaceFlags } from './run-flags.js'
import { coresOf } from './transport-of.js'

/** Raises `InputError` CORES_TOO_MANY, naming `--cores`, if the network has fewer blocks. */
export function placementFor(network: Network, cores: number): Placement {
  return cores === 1 ? singleCore(network) : placeOnCores(network, cores, {}, '--cores')
}

/** A run that is watched, and may be stopped. */
export interface RunOptions {
  /** Default: what `--placement` says, else `placementFor` the number of cores. */
  readonly placement?: Placement | undefined
  readonly signal?: AbortSignal | undefined
  /** How often cores that fail are restarted; default: never. */
  readonly restarts?: number
  readonly onRestart?: (restart: Restart) => void
  /** Default: a warning of the process. */
  readonly onNote?: NonNullable<ClusterOptions['onNote']>
  /** The cores count what they do, default false. */
  readonly metrics?: boolean
  /** Everybody records what is done when, default false. */
  readonly trace?: boolean
  /** Of a run on workers that another coordinator may take over. */
  readonly lease?: Lease | null
}

/**
 * Opens a network on as many cores as the flags say.
 *
 * Raises `InputError`, naming the flag, before anything is started: `CORES_TOO_MANY`, `FLAG_CONFLICT`, `FLAG_VALUE`,
 * `PORT_IN_USE` and its like; and whatever `openCluster` raises.
 */
export async function openOnCores(
  network: Network,
  flags: Omit<PlaceFlags, 'json'>,
  {
    placement = flags.placed ?? placementFor(network, flags.cores),
    signal,
    restarts = 0,
    onRestart = () => undefined,
    metrics = false,
    trace = false,
    onNote,
    lease = null,
  }: RunOptions = {},
): Promise<ClusterSession> {
  const held = coresOf({ ...flags, restarts })
  try {
    return await openCluster(network, placement, {
      startLimit: startLimitOf(placement),
      ...optionsOf(OPTION_FLAGS, flags),
      ...held,
      restarts,
      onRestart,
      metrics,
      trace,
      ...(isRemote(flags) ? await joinOf(flags, lease) : {}),
      ...(onNote === undefined ? {} : { onNote }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    throw inTermsOfJoinFlags(inTermsOfFlags(error), flags)
  }
}

/** Where the flags find the workers of a run. */
async function joinOf(flags: RemoteFlags, lease: Lease | null): Promise<Pick<ClusterOptions, 'join'>> {
  const { join = '', wait = 0 } = flags
  return { join: { ...(await readJoin({ ...flags, join })), wait: 1000 * wait, ...(lease === null ? {} : { lease }) } }
}

/** Drawn, sorted and wired, several times slower than on a machine with nothing else to do. */
const SYNAPSES_PER_MS = 500

/** The time in ms that the cores of a placement may take to become ready: the more they hold, the longer. */
export function startLimitOf({ cores }: Pick<Placement, 'cores'>): number {
  const synapses = cores.reduce((sum, core) => sum + core.synapses, 0)
  return Math.min(MOST_TIME, CLUSTER_DEFAULTS.startLimit + Math.ceil(synapses / SYNAPSES_PER_MS))
}
