import type { Command } from 'commander'
import { DEFAULT_STALL, SILENCE_RANGE, STALL_RANGE } from '../actors/cluster-options.js'
import type { TransportChoice } from '../actors/transport.js'
import { EVERY_TRANSPORT, TRANSPORTS } from '../actors/transport-table.js'
import { DEFAULT_KERNEL, KERNEL_KINDS, type KernelKind } from '../dynamics/kernels/kernel-kind.js'
import { MOST_THREADS } from '../dynamics/kernels/kernel-threads.js'
import { DEFAULT_SPIKE_LIMIT, SPIKE_LIMIT } from '../dynamics/models/spike-limit.js'
import {
  type ListenAddress,
  listenAddress,
  milliseconds,
  numberFlag,
  oneOf,
  originList,
  someText,
  waitingTime,
  wholeNumber,
} from '../network/reading/flag-values.js'
import { addPlacedChipFlag, addPlacementFlag, type PlacementFlag } from './chip/flags/placement-flag.js'
import { addRemoteFlags, type RemoteFlags } from './join/join-flags.js'
import { addModulesFlag, type ModulesFlag } from './modules-flag.js'
import { addRestartFlag, type RestartFlag } from './restart-flag.js'

/** In ms. */
export const DEFAULT_SILENCE = 10_000
/** In s: as long as any time of a cluster may be. */
const MOST_START_LIMIT = 1_000_000

/** How cores that are processes of their own find and watch each other. */
export interface LinkFlags extends RestartFlag {
  readonly listen?: ListenAddress
  /** Links are not encrypted, wherever they lead. */
  readonly insecure?: boolean
  /** Of web pages that may open links. */
  readonly allowOrigin?: readonly string[]
  /** In ms; default `DEFAULT_SILENCE`. */
  readonly silence?: number
  /** In ms; default `DEFAULT_STALL`. */
  readonly stall?: number
  /** In s; default `startLimitOf` the placement. */
  readonly startLimit?: number
}

/** Where a run happens and what it draws from. */
export interface PlaceFlags extends LinkFlags, PlacementFlag, RemoteFlags {
  readonly cores: number
  readonly transport?: TransportChoice
  /** That hold the cores; default `processesOf`. */
  readonly processes?: number
  /** Per core. */
  readonly threads: number
  readonly seed: number
  readonly kernel: KernelKind
  readonly spikeLimit: number
  readonly json: boolean
}

/** Adds the flags of every command that runs a network. */
export function addPlaceFlags(command: Command): Command {
  const spread = command
    .option('--cores <n>', 'cores to run on; never changes a result', wholeNumber('--cores', 1), 1)
    .option(
      '--transport <kind>',
      `what the cores are: ${explainTransports()}; auto: local for one core, websocket with --listen or where cores may be started anew, else thread (default: auto)`,
      oneOf('--transport', ['auto', ...EVERY_TRANSPORT] as const),
    )
    .option(
      '--processes <n>',
      'processes or threads that hold the cores, which take turns there; never changes a result (default: one per core, with --transport auto no more than the machine has hardware threads)',
      wholeNumber('--processes', 1),
    )
  const threaded = addRemoteFlags(addLinkFlags(addPlacementFlag(spread))).option(
    '--threads <n>',
    'threads per core that share the work of the SIMD kernel; never changes a result',
    wholeNumber('--threads', 1, MOST_THREADS),
    1,
  )
  return addComputationFlags(threaded)
}

/** Adds the flags that, beside the network, decide every bit, and what ends a run. */
export function addComputationFlags(command: Command): Command {
  return command
    .option('--seed <n>', 'seed of everything that is drawn at random', wholeNumber('--seed', 0), 0)
    .option(
      '--kernel <kind>',
      'what computes the neurons: simd (WebAssembly, where it can) or reference (plain, slower)',
      oneOf('--kernel', KERNEL_KINDS),
      DEFAULT_KERNEL,
    )
    .option(
      '--spike-limit <n>',
      'spikes per neuron and ms: a run in which the neurons of a group fire more often on average, 32 of them in one ms of a trial, ends with an error',
      numberFlag('--spike-limit', SPIKE_LIMIT),
      DEFAULT_SPIKE_LIMIT,
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

/** Adds the flags of processes that are linked by websockets. */
export function addLinkFlags(command: Command): Command {
  const linked = command
    .option(
      '--listen <host:port>',
      'where cores that are processes meet, encrypted unless only this machine reaches it (default: 127.0.0.1:0, any free port of this machine alone)',
      listenAddress('--listen'),
    )
    .option('--insecure', 'do not encrypt links at --listen: whoever sees them can read and change what is computed')
    .option(
      '--allow-origin <origins>',
      'origins of web pages that may open links, with commas, as in https://lab.example (default: none)',
      originList('--allow-origin'),
    )
    .option(
      '--silence <ms>',
      `a core that says nothing for so long, once all are ready, is lost (default: ${DEFAULT_SILENCE})`,
      waitingTime('--silence', SILENCE_RANGE),
    )
    .option(
      '--stall <ms>',
      `a run in which nothing happens for so long, though no core computes, ends (default: ${DEFAULT_STALL})`,
      waitingTime('--stall', STALL_RANGE),
    )
    .option(
      '--start-limit <seconds>',
      'cores that are not ready after so long are late, and the start is given up (default: 30, and 2 for every million synapses)',
      wholeNumber('--start-limit', 1, MOST_START_LIMIT),
    )
  return addRestartFlag(linked)
}

/** How a run tells how it is doing. */
export interface MetricsFlags {
  readonly metrics: boolean
  readonly metricsPort?: number
  readonly json: boolean
}

/** Adds the flags of every command that can tell how it is doing. */
export function addMetricsFlags(command: Command): Command {
  return command
    .option(
      '--metrics',
      'tell every second how each core is doing: as JSON lines with --json, else in a line on stderr',
      false,
    )
    .option(
      '--metrics-port <port>',
      'serve the same to Prometheus at http://127.0.0.1:<port>/metrics, 0 for any free port (default: nowhere)',
      wholeNumber('--metrics-port', 0, 65_535),
    )
}

export interface TrialFlags extends PlaceFlags, ModulesFlag {
  readonly input?: string
  readonly until?: number
}

/** Adds the flags of every command that runs one trial of a network file. */
export function addTrialFlags(command: Command): Command {
  return addPlacedChipFlag(addPlaceFlags(addInputFlags(command)))
}

/** Adds the flags that say what a trial of a network file is. */
export function addInputFlags(command: Command): Command {
  return addModulesFlag(command)
    .option('--input <file>', 'input spikes (default: none)', someText('--input', 'a file'))
    .option(
      '--until <ms>',
      'end of the trial (default: when nothing can happen any more, or as the task says)',
      milliseconds('--until'),
    )
}
