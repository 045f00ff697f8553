import { CLUSTER_DEFAULTS, type ClusterOptions, MOST_TIME } from '../actors/cluster-options.js'
import type { ClusterSession } from '../actors/cluster-session.js'
import { openCluster } from '../actors/open-cluster.js'
import { chooseTransport, mostProcesses, type Transport } from '../actors/transport.js'
import { TRANSPORTS } from '../actors/transport-table.js'
import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import { placeOnCores } from '../hardware/place-on-cores.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Network } from '../network/description/network.js'
import type { Lease } from '../storage/checkpoint/lease.js'
import type { CheckpointFlags } from './checkpoint/checkpoint-flags.js'
import { askedOf, flagNamed, flagsOf, optionsOf } from './flag-record.js'
import { inTermsOfFlags } from './in-terms-of-flags.js'
import type { RemoteFlags } from './join/join-flags.js'
import { inTermsOfJoinFlags } from './join/join-rendezvous.js'
import { readJoin } from './join/read-join.js'
import { isRemote } from './join/require-remote.js'
import {
  DEFAULT_RESTARTS,
  LINK_FLAGS,
  type LinkFlag,
  type LinkFlags,
  OPTION_FLAGS,
  type PlaceFlags,
  TRANSPORT_FLAGS,
} from './run-flags.js'

/** Raises `InputError` CORES_TOO_MANY, naming `--cores`, if the network has fewer blocks. */
export function placementFor(network: Network, cores: number): Placement {
  return cores === 1 ? singleCore(network) : placeOnCores(network, cores, {}, '--cores')
}

/** A run that is watched, and may be stopped; cores that fail are not restarted by default. */
export interface RunOptions extends Pick<ClusterOptions, 'restarts' | 'onRestart' | 'onNote' | 'metrics' | 'trace'> {
  /** Default: what `--placement` says, else `placementFor` the number of cores. */
  readonly placement?: Placement | undefined
  readonly signal?: AbortSignal | undefined
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
    lease = null,
    ...watching
  }: RunOptions = {},
): Promise<ClusterSession> {
  const held = coresOf({ ...flags, restarts })
  try {
    return await openCluster(network, placement, {
      startLimit: startLimitOf(placement),
      ...optionsOf(OPTION_FLAGS, flags),
      ...held,
      ...watching,
      restarts,
      ...(isRemote(flags) ? await joinOf(flags, lease) : {}),
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

/** The flags that say what joins the cores of a run; some commands lack the last one. */
export interface TransportFlags
  extends Pick<PlaceFlags, 'cores' | 'replicas' | 'transport' | 'listen' | 'join' | 'restarts'>,
    Pick<CheckpointFlags, 'checkpoint'> {}

/** What joins the cores of a run: what the flag says, or what 'auto' stands for. */
export function transportOf(flags: TransportFlags): Transport {
  const { cores, replicas = 1, transport = 'auto', listen } = flags
  if (transport !== 'auto') return transport
  const address = isRemote(flags) || listen !== undefined
  if (cores * replicas === 1 && !isRemote(flags)) return 'local'
  return chooseTransport({ address, restarts: wantedRestarts(flags) > 0 })
}

/** How often cores that can be lost are to be restarted: the value of the flag, or its default. */
export function wantedRestarts(flags: Omit<TransportFlags, 'cores' | 'listen'>): number {
  const { checkpoint, restarts } = flags
  return restarts ?? (checkpoint === undefined && !isRemote(flags) ? 0 : DEFAULT_RESTARTS)
}

export type ProcessesFlag = Pick<PlaceFlags, 'cores' | 'replicas' | 'transport' | 'processes' | 'join'>

/** How many processes or threads hold the cores of a run: what the flag says, or its default. */
export function processesOf(flags: ProcessesFlag): number {
  const { cores, replicas = 1, transport = 'auto', processes } = flags
  const members = replicas * cores
  // What other machines hold is no matter of this one's threads.
  return processes ?? Math.min(members, isRemote(flags) ? members : mostProcesses(transport))
}

/** Raises `InputError` FLAG_VALUE where processes would hold nothing. */
export function requireProcesses({
  cores,
  replicas = 1,
  processes,
}: Pick<ProcessesFlag, 'cores' | 'replicas' | 'processes'>): void {
  if (processes === undefined || processes <= replicas * cores) return
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--processes',
    found: String(processes),
    expected:
      replicas === 1
        ? `at most ${cores}, the number of --cores`
        : `at most ${replicas * cores}, the --cores of all --replicas`,
    remedy: 'Give fewer, or more --cores.',
  })
}

/**
 * A listener that no process would dial, or a watch over cores that cannot be lost, is a misunderstanding: raises `InputError`
 * FLAG_CONFLICT for the first of the flags that means nothing with any of the transports, or without another flag.
 */
export function refuseIdleLinkFlags(flags: object, transports: readonly Transport[]): void {
  const given = new Map<string, unknown>(Object.entries(flags))
  for (const name of askedOf(TRANSPORT_FLAGS, flags)) {
    const { where, beside } = entryOf<LinkFlag>(TRANSPORT_FLAGS, name) as LinkFlag
    const isIdle =
      beside === undefined
        ? !transports.some((transport) => where.suits(TRANSPORTS[transport]))
        : beside.every((other) => given.get(other) === undefined)
    if (!isIdle) continue
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: flagNamed(name),
      ...(beside === undefined
        ? {
            found: `the flag beside --transport ${transports.join(',')}`,
            expected: `it only where cores are ${where.cores}`,
            remedy: `Leave it out, or ${where.remedy}.`,
          }
        : {
            found: 'the flag without --listen',
            expected: 'an address that others reach beside it',
            remedy: 'Leave it out, or add --listen HOST:PORT.',
          }),
    })
  }
}

/**
 * What joins the cores of a run, and how many processes or threads hold them; raises `InputError` FLAG_CONFLICT and FLAG_VALUE
 * for flags that mean nothing there.
 */
function coresOf(flags: TransportFlags & ProcessesFlag): {
  readonly transport: Transport
  readonly processes: number
} {
  const transport = transportOf(flags)
  refuseIdleLinkFlags(flags, [transport])
  requireProcesses(flags)
  return { transport, processes: processesOf(flags) }
}

/** Those of the flags that mean something with a transport. */
export function linkFlagsFor(transport: Transport, flags: LinkFlags): LinkFlags {
  const suiting = Object.entries<LinkFlag>(LINK_FLAGS).filter(([, { where }]) => where.suits(TRANSPORTS[transport]))
  return flagsOf(Object.fromEntries(suiting), flags)
}
