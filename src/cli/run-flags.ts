import type { Command } from 'commander'
import {
  CLUSTER_DEFAULTS,
  type ClusterOptions,
  MOST_TIME,
  SILENCE_RANGE,
  STALL_RANGE,
} from '../actors/cluster-options.js'
import { EVERY_TRANSPORT, TRANSPORTS, type TransportRecord, transportsThat } from '../actors/transport-table.js'
import { KERNEL_KINDS } from '../dynamics/kernels/kernel-kind.js'
import { MOST_THREADS } from '../dynamics/kernels/kernel-threads.js'
import { SPIKE_LIMIT } from '../dynamics/models/spike-limit.js'
import type { Placement } from '../hardware/placement.js'
import type { CorePlace } from '../hardware/routing/layout.js'
import {
  type ListenAddress,
  listenAddress,
  numberFlag,
  oneOf,
  originList,
  someText,
  waitingTime,
  wholeNumber,
} from '../network/reading/flag-values.js'
import { addFlags, type FlagRecord, type FlagsOf } from './flag-record.js'
import { REMOTE_FLAGS, type RemoteFlags } from './join/join-flags.js'

/** Of a run with checkpoints, which is meant to last, and of one on many machines, of which one is seldom all there. */
export const DEFAULT_RESTARTS = 3

const UNLIMITED = 'unlimited'

/** With which transports a flag means something, and what is said elsewhere. */
interface Where {
  readonly suits: (transport: TransportRecord) => boolean
  readonly cores: string
  readonly remedy: string
}

const listening = transportsThat(({ listens }) => listens)

const LISTENING: Where = {
  suits: ({ listens }) => listens,
  cores: listening.map((transport) => TRANSPORTS[transport].linked).join(' or '),
  remedy: `give --transport ${listening.join(' or ')}`,
}

const HELD: Where = {
  suits: ({ holder }) => holder !== null,
  cores: 'threads or processes',
  remedy: 'give another --transport',
}

/** A flag that means something only with some transports, and perhaps only beside one of other flags. */
export interface LinkFlag extends FlagRecord {
  readonly where: Where
  readonly beside?: readonly string[]
}

/** On how many cores, and what these are. */
const SPREAD_FLAGS = {
  cores: {
    value: '<n>',
    text: 'cores to run on; never changes a result',
    read: (flag: string) => wholeNumber(flag, 1),
    initial: 1,
  },
  transport: {
    value: '<kind>',
    text: `what the cores are: ${explainTransports()}; auto: local for one core, websocket with --listen or where cores may be restarted, else thread (default: auto)`,
    read: (flag: string) => oneOf(flag, ['auto', ...EVERY_TRANSPORT] as const),
  },
} as const

const REPLICAS_FLAG = {
  replicas: {
    value: '<n>',
    text: 'copies of all cores; each computes a part of every mini-batch, in chunks of 32 trials; never changes a result (default: 1)',
    read: (flag: string) => wholeNumber(flag, 1),
    nothing: 1,
  },
} as const

const PROCESSES_FLAG = {
  processes: {
    value: '<n>',
    text: 'processes or threads that hold the cores, which take turns there; never changes a result (default: one per core, with --transport auto no more than the machine has hardware threads)',
    read: (flag: string) => wholeNumber(flag, 1),
    where: HELD,
  },
} as const

/** That a network runs as it lies on a chip, and that the latencies between its cores are part of the model. */
export const PLACEMENT_FLAGS = {
  placement: {
    value: '<file>',
    text: 'run on the cores of a placement on a chip, as place --out writes it, in place of --cores; changes no result unless --chip-latency',
    read: (flag: string) => someText(flag, 'a file'),
  },
  chipLatency: {
    text:
      'with --placement: what leaves a core is known on others only after the latencies of the chip, which are part of what ' +
      'is computed; results depend on where everything lies on the chip, and on nothing else (default: no latencies)',
  },
} as const

/** How cores that are processes of their own find and watch each other. */
export const LINK_FLAGS = {
  listen: {
    value: '<host:port>',
    text: `where cores that are processes meet, encrypted unless only this machine reaches it (default: ${CLUSTER_DEFAULTS.host}:${CLUSTER_DEFAULTS.port}, any free port of this machine alone)`,
    read: listenAddress,
    where: LISTENING,
    fields: ['options.host', 'options.port', 'host', 'port'],
    options: ({ host, port }: ListenAddress): ClusterOptions => ({ host, port }),
  },
  insecure: {
    text: 'do not encrypt links at --listen: anyone who sees the traffic can read and change what is computed',
    where: LISTENING,
    beside: ['listen', 'join'],
  },
  allowOrigin: {
    value: '<origins>',
    text: 'origins of web pages that may open links, with commas, as in https://lab.example (default: none)',
    read: originList,
    where: LISTENING,
    beside: ['listen'],
    fields: ['options.allowOrigins'],
    options: (allowOrigins: readonly string[]): ClusterOptions => ({ allowOrigins }),
  },
  silence: {
    value: '<ms>',
    text: `a core that says nothing for so long, once all are ready, is lost (default: ${CLUSTER_DEFAULTS.silence})`,
    read: (flag: string) => waitingTime(flag, SILENCE_RANGE),
    where: HELD,
  },
  stall: {
    value: '<ms>',
    text: `a run in which nothing happens for so long, though no core computes, ends (default: ${CLUSTER_DEFAULTS.stall})`,
    read: (flag: string) => waitingTime(flag, STALL_RANGE),
    where: HELD,
  },
  startLimit: {
    value: '<seconds>',
    text: `cores that are not ready after so long are late, and the start is given up (default: ${CLUSTER_DEFAULTS.startLimit / 1000}, and 2 for every million synapses)`,
    read: (flag: string) => wholeNumber(flag, 1, MOST_TIME / 1000),
    where: HELD,
    options: (seconds: number): ClusterOptions => ({ startLimit: 1000 * seconds }),
  },
  restarts: {
    value: '<n>',
    text: `how often cores that die or fall silent are restarted, or ${UNLIMITED} (default: ${DEFAULT_RESTARTS} on workers of --join and with --checkpoint, else 0)`,
    read: (flag: string) => {
      const count = wholeNumber(flag, 0)
      return (text: string) => (text === UNLIMITED ? Number.POSITIVE_INFINITY : count(text))
    },
    nothing: 0,
    where: HELD,
  },
} as const

/** The flags that mean nothing with some transports. */
export const TRANSPORT_FLAGS: Readonly<Record<string, LinkFlag>> = { ...LINK_FLAGS, ...PROCESSES_FLAG }

const THREADS_FLAG = {
  threads: {
    value: '<n>',
    text: 'threads per core that share the work of the SIMD kernel; never changes a result',
    read: (flag: string) => wholeNumber(flag, 1, MOST_THREADS),
    initial: CLUSTER_DEFAULTS.threads,
  },
} as const

const SEED_FLAG = {
  seed: {
    value: '<n>',
    text: 'seed of everything that is drawn at random',
    read: (flag: string) => wholeNumber(flag, 0),
    initial: CLUSTER_DEFAULTS.seed,
  },
} as const

/** What computes the neurons, and what ends a run. */
const KERNEL_FLAGS = {
  kernel: {
    value: '<kind>',
    text: 'what computes the neurons: simd (WebAssembly, where it can) or reference (plain, slower)',
    read: (flag: string) => oneOf(flag, KERNEL_KINDS),
    initial: CLUSTER_DEFAULTS.kernel,
  },
  spikeLimit: {
    value: '<n>',
    text: 'spikes per neuron and ms: a run in which the neurons of a group fire more often on average, 32 of them in one ms of a trial, ends with an error',
    read: (flag: string) => numberFlag(flag, SPIKE_LIMIT),
    initial: CLUSTER_DEFAULTS.spikeLimit,
  },
} as const

/** Whatever of a run means nothing where it has no cores, links and kernels. */
export const CORE_FLAGS = {
  ...SPREAD_FLAGS,
  ...REPLICAS_FLAG,
  ...PROCESSES_FLAG,
  ...PLACEMENT_FLAGS,
  ...LINK_FLAGS,
  ...THREADS_FLAG,
  ...KERNEL_FLAGS,
} as const

/** Where and how a run computes, in the order of `--help`. */
export const PLACE_FLAGS = {
  ...SPREAD_FLAGS,
  ...PROCESSES_FLAG,
  ...PLACEMENT_FLAGS,
  ...LINK_FLAGS,
  ...REMOTE_FLAGS,
  ...THREADS_FLAG,
  ...SEED_FLAG,
  ...KERNEL_FLAGS,
} as const

/** Those that are options of `openCluster`, one by one; the others are passed together. */
export const OPTION_FLAGS = { ...REPLICAS_FLAG, ...LINK_FLAGS, ...THREADS_FLAG, ...SEED_FLAG, ...KERNEL_FLAGS } as const

/** How a run tells how it is doing. */
export const METRICS_FLAGS = {
  metrics: {
    text: 'tell every second how each core is doing: as JSON lines with --json, else in a line on stderr',
    initial: false,
  },
  metricsPort: {
    value: '<port>',
    text: 'serve the same to Prometheus at http://127.0.0.1:<port>/metrics, 0 for any free port (default: nowhere)',
    read: (flag: string) => wholeNumber(flag, 0, 65_535),
  },
} as const

export type LinkFlags = FlagsOf<typeof LINK_FLAGS>
type ComputationFlags = FlagsOf<typeof SEED_FLAG & typeof KERNEL_FLAGS>

export interface PlacementFlag extends FlagsOf<typeof PLACEMENT_FLAGS> {
  /** Of which chip the placement has to be; a file for one that is not of the package. */
  readonly chip?: string
  /** What the file says; no flag. */
  readonly placed?: Placement
  /** Where its cores lie on the chip. */
  readonly places?: readonly CorePlace[]
}

/** Where a run happens and what it draws from. */
export interface PlaceFlags
  extends FlagsOf<typeof SPREAD_FLAGS & typeof REPLICAS_FLAG & typeof PROCESSES_FLAG & typeof THREADS_FLAG>,
    LinkFlags,
    ComputationFlags,
    PlacementFlag,
    RemoteFlags {
  readonly json: boolean
}

export interface MetricsFlags extends FlagsOf<typeof METRICS_FLAGS> {
  readonly json: boolean
}

/** Adds the flags of every command that runs a network. */
export function addPlaceFlags(command: Command): Command {
  return addFlags(command, PLACE_FLAGS)
}

/** Adds the flag of commands that run many trials. */
export const addReplicasFlag = (command: Command): Command => addFlags(command, REPLICAS_FLAG)

/** Adds the flags that, beside the network, decide every bit, and what ends a run. */
export function addComputationFlags(command: Command): Command {
  return addFlags(command, { ...SEED_FLAG, ...KERNEL_FLAGS })
}

/** Adds the flag of commands in which a chip is nothing but what a placement is on. */
export function addPlacedChipFlag(command: Command): Command {
  const files = 'the file of a profile, or the name of one'
  return command.option(
    '--chip <profile>',
    `with --placement: the chip that it is on, ${files} (default: the chip of that name in the package)`,
    someText('--chip', files),
  )
}

/** Such as `thread, websocket or unix (a process each), or nats (workers)`. */
export function explainTransports(): string {
  const kinds = [...new Set(EVERY_TRANSPORT.map((transport) => TRANSPORTS[transport].cores))]
  const parts = kinds.map((cores) => {
    const names = EVERY_TRANSPORT.filter((transport) => TRANSPORTS[transport].cores === cores).join(' or ')
    return cores === null ? names : `${names} (${cores})`
  })
  return `${parts.slice(0, -1).join(', ')}, or ${parts.at(-1)}`
}

/** Adds the flags of every command that can tell how it is doing. */
export function addMetricsFlags(command: Command): Command {
  return addFlags(command, METRICS_FLAGS)
}
