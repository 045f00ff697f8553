import type { JoinOptions } from '../rendezvous/join-options.js'
import { MOST_NATS_FRAME, type NatsCarrier } from '../rendezvous/nats-carrier.js'
import { openNatsCarrier } from '../rendezvous/open-nats-carrier.js'
import { DEFAULT_LIMITS } from '../streams/links/link-limits.js'
import type { Launcher, LaunchParts } from './supervision/launcher.js'
import type { ProcessLauncherOptions } from './supervision/open-process-launcher.js'
import type { Transport } from './transport.js'

/** All that tells a transport from others. */
export interface TransportRecord {
  /** What holds the cores; null: this process, so that there is nothing to link, to lose or to restart. */
  readonly holder: 'thread' | 'process' | null
  /** Whether the coordinator and the partitions listen at an address, which others may reach. */
  readonly listens: boolean
  /** Whether workers of other machines hold the cores: not at all, where a session joins them, or always. */
  readonly workers: 'never' | 'joined' | 'always'
  /** Largest payload of a frame, in bytes. */
  readonly maxFrame: number
  /** Starts what holds the cores on this machine; null: nothing has to be started, or nothing can be. */
  readonly openLauncher: ((parts: LaunchParts) => Promise<Launcher>) | null
  /** Connects to what carries the links of workers; null: these are dialled. */
  readonly openCarrier: ((server: JoinOptions) => Promise<NatsCarrier>) | null
  /** What its cores are, on the command line; null: what it is called. */
  readonly cores: string | null
  /** How they are linked, such as `linked by websockets`; null: not worth a mention. */
  readonly linked: string | null
}

export const TRANSPORTS: Readonly<Record<Transport, TransportRecord>> = {
  local: {
    holder: null,
    listens: false,
    workers: 'never',
    maxFrame: DEFAULT_LIMITS.maxFrame,
    openLauncher: null,
    openCarrier: null,
    cores: 'all in this process',
    linked: null,
  },
  thread: {
    holder: 'thread',
    listens: false,
    workers: 'never',
    maxFrame: DEFAULT_LIMITS.maxFrame,
    openLauncher: openThreads,
    openCarrier: null,
    cores: null,
    linked: null,
  },
  websocket: {
    holder: 'process',
    listens: true,
    workers: 'joined',
    maxFrame: DEFAULT_LIMITS.maxFrame,
    openLauncher: ({ address, ...parts }) => openProcesses({ ...parts, place: address }),
    openCarrier: null,
    cores: 'a process each',
    linked: 'linked by websockets',
  },
  unix: {
    holder: 'process',
    listens: false,
    workers: 'never',
    maxFrame: DEFAULT_LIMITS.maxFrame,
    openLauncher: (parts) => openProcesses({ ...parts, place: 'sockets' }),
    openCarrier: null,
    cores: 'a process each',
    linked: 'linked by Unix sockets',
  },
  nats: {
    holder: 'process',
    listens: false,
    workers: 'always',
    maxFrame: MOST_NATS_FRAME,
    openLauncher: null,
    openCarrier: openNatsCarrier,
    cores: 'workers that cannot be dialled, by way of the server of --join',
    linked: 'linked by way of NATS',
  },
}

export const EVERY_TRANSPORT = Object.keys(TRANSPORTS) as readonly Transport[]

/** The transports whose records are such. */
export function transportsThat(suit: (record: TransportRecord) => boolean): readonly Transport[] {
  return EVERY_TRANSPORT.filter((transport) => suit(TRANSPORTS[transport]))
}

/** Those that need nothing beyond this machine. */
export const OWN_TRANSPORTS = transportsThat(({ workers }) => workers !== 'always')
/** Those that may link workers of other machines. */
export const WORKER_TRANSPORTS = transportsThat(({ workers }) => workers !== 'never')

/** Loaded by the sessions that start threads or processes: everybody else only asks what a transport is like. */
async function openThreads({ neighbours, ...parts }: LaunchParts): Promise<Launcher> {
  const { openThreadLauncher } = await import('./supervision/open-thread-launcher.js')
  return openThreadLauncher({ ...parts, neighbours: neighbours() })
}

async function openProcesses(options: ProcessLauncherOptions): Promise<Launcher> {
  const { openProcessLauncher } = await import('./supervision/open-process-launcher.js')
  return openProcessLauncher(options)
}
