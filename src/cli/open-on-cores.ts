import { type ClusterOptions, DEFAULT_STALL } from '../actors/cluster-options.js'
import type { ClusterSession, Restart } from '../actors/cluster-session.js'
import { openCluster } from '../actors/open-cluster.js'
import type { Transport } from '../actors/transport.js'
import { TRANSPORTS, transportsThat } from '../actors/transport-table.js'
import { InputError } from '../events/errors.js'
import { placeOnCores } from '../hardware/place-on-cores.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Network } from '../network/description/network.js'
import type { Lease } from '../storage/checkpoint/lease.js'
import { inTermsOfFlags } from './in-terms-of-flags.js'
import { inTermsOfJoinFlags } from './join/join-rendezvous.js'
import { readJoin } from './join/read-join.js'
import { isRemote } from './join/require-remote.js'
import { DEFAULT_SILENCE, type LinkFlags, type PlaceFlags } from './run-flags.js'
import { processesOf, requireProcesses, transportOf } from './transport-of.js'

/** At most 1 s, and often enough that one lost word is no silence. */
const MOST_HEARTBEAT = 1000
const HEARTBEATS_PER_SILENCE = 4

/** Raises `InputError` CORES_TOO_MANY, naming `--cores`, if the network has fewer blocks. */
export function placementFor(network: Network, cores: number): Placement {
  return cores === 1 ? singleCore(network) : placeOnCores(network, cores, {}, '--cores')
}

/** A run that is watched, and may be stopped. */
export interface RunOptions {
  /** Default: what `--placement` says, else `placementFor` the number of cores. */
  readonly placement?: Placement | undefined
  readonly signal?: AbortSignal | undefined
  /** How often cores that fail are started anew; default: never. */
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
  const transport = transportOf({ ...flags, restarts })
  refuseIdleLinkFlags(flags, [transport])
  requireProcesses(flags)
  const {
    seed,
    kernel,
    spikeLimit,
    threads,
    listen,
    insecure = false,
    allowOrigin = [],
    silence = DEFAULT_SILENCE,
    stall = DEFAULT_STALL,
    startLimit,
  } = flags
  const heartbeat = Math.min(MOST_HEARTBEAT, silence / HEARTBEATS_PER_SILENCE)
  const limits = {
    silence,
    heartbeat,
    stall,
    startLimit: startLimit === undefined ? startLimitOf(placement) : 1000 * startLimit,
  }
  const interruption = signal === undefined ? {} : { signal }
  const join = flags.join === undefined || !isRemote(flags) ? null : await readJoin({ ...flags, join: flags.join })
  const { wait = 0 } = flags
  const remote = join === null ? {} : { join: { ...join, wait: 1000 * wait, ...(lease === null ? {} : { lease }) } }
  try {
    const watched = { restarts, onRestart, metrics, trace, ...(onNote === undefined ? {} : { onNote }) }
    const processes = processesOf(flags)
    const settings = {
      transport,
      processes,
      seed,
      kernel,
      spikeLimit,
      threads,
      ...listen,
      insecure,
      allowOrigins: allowOrigin,
      ...limits,
      ...watched,
      ...remote,
      ...interruption,
    }
    return await openCluster(network, placement, settings)
  } catch (error) {
    throw inTermsOfJoinFlags(inTermsOfFlags(error), flags)
  }
}

/** The flags that mean something only where cores are not all in this process. */
interface IdleFlags extends LinkFlags {
  readonly join?: string
  /** How many, or a list of that. */
  readonly processes?: unknown
}

const listening = transportsThat(({ listens }) => listens)
/** What would make use of an address, and how it links cores. */
const LISTENING = {
  names: listening.join(' or '),
  links: listening.map((transport) => TRANSPORTS[transport].linked).join(' or '),
}

/** A listener that nobody would dial, or a watch over cores that cannot be lost, is a misunderstanding. */
export function refuseIdleLinkFlags(
  { listen, insecure, allowOrigin, join, silence, stall, startLimit, restarts = 0, processes }: IdleFlags,
  transports: readonly Transport[],
): void {
  if (listen !== undefined && !transports.some((transport) => TRANSPORTS[transport].listens))
    throw idle(
      '--listen',
      transports,
      `it only where cores are ${LISTENING.links}`,
      `give --transport ${LISTENING.names}`,
    )
  if (listen === undefined && allowOrigin !== undefined) throw withoutListener('--allow-origin')
  if (listen === undefined && insecure === true && join === undefined) throw withoutListener('--insecure')
  const elsewhere = {
    '--silence': silence,
    '--stall': stall,
    '--start-limit': startLimit,
    '--restarts': restarts === 0 ? undefined : restarts,
    '--processes': processes,
  }
  const flag = Object.entries(elsewhere).find(([, value]) => value !== undefined)?.[0]
  if (flag !== undefined && transports.every((transport) => TRANSPORTS[transport].holder === null))
    throw idle(flag, transports, 'it only where cores are threads or processes', 'give another --transport')
}

/** Without an address that others reach, there is nothing to open or to encrypt. */
function withoutListener(field: string): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field,
    found: 'the flag without --listen',
    expected: 'an address that others reach beside it',
    remedy: 'Leave it out, or add --listen HOST:PORT.',
  })
}

function idle(flag: string, transports: readonly Transport[], expected: string, remedy: string): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field: flag,
    found: `the flag beside --transport ${transports.join(',')}`,
    expected,
    remedy: `Leave it out, or ${remedy}.`,
  })
}

/** Those of the flags that mean something with a transport. */
export function linkFlagsFor(
  transport: Transport,
  { listen, insecure, allowOrigin, silence, stall, startLimit, restarts }: LinkFlags,
): LinkFlags {
  const { listens, holder } = TRANSPORTS[transport]
  return {
    ...(listen === undefined || !listens ? {} : { listen }),
    ...(insecure === undefined || !listens ? {} : { insecure }),
    ...(allowOrigin === undefined || !listens ? {} : { allowOrigin }),
    ...(silence === undefined || holder === null ? {} : { silence }),
    ...(stall === undefined || holder === null ? {} : { stall }),
    ...(startLimit === undefined || holder === null ? {} : { startLimit }),
    ...(restarts === undefined || holder === null ? {} : { restarts }),
  }
}

/** In ms: processes that are started on a busy machine. */
const PROCESSES_START = 30_000
/** Drawn, sorted and wired, several times slower than on a machine with nothing else to do. */
const SYNAPSES_PER_MS = 500
const MOST_START = 1e9

/** The time in ms that the cores of a placement may take to become ready: the more they hold, the longer. */
export function startLimitOf({ cores }: Pick<Placement, 'cores'>): number {
  const synapses = cores.reduce((sum, core) => sum + core.synapses, 0)
  return Math.min(MOST_START, PROCESSES_START + Math.ceil(synapses / SYNAPSES_PER_MS))
}
