import { InputError } from '../events/errors.js'
import { describeValue, eitherOf } from '../network/reading/describe-value.js'
import { type Readers, readOptions, readRequired } from '../network/reading/read-fields.js'
import { listOf } from '../network/reading/read-list.js'
import { anyNumberThat, numberThat, readAnyNumber } from '../network/reading/read-number.js'
import {
  asGiven,
  type Reader,
  readBoolean,
  readFunction,
  readRecord,
  readSignal,
  readString,
  valueThat,
} from '../network/reading/read-value.js'
import type { JoinOptions } from '../rendezvous/join-options.js'
import type { Lease } from '../rendezvous/lease.js'
import type { Restart } from './cluster-session.js'
import { COMPUTATION_DEFAULTS, COMPUTATION_READERS, type ComputationOptions } from './computation-options.js'
import { chooseTransport, mostProcesses, type Transport, type TransportChoice } from './transport.js'
import { EVERY_TRANSPORT, TRANSPORTS, WORKER_TRANSPORTS } from './transport-table.js'

/**
 * What a note is about: spikes that are sent because no core can make a task, links that are not encrypted, a worker
 * that was asked and cannot be used, the report of a process's end by a sender that does not hold it, a fault of a
 * watcher, or a replica that the others wait for.
 */
export type NoteCode =
  | 'SAMPLES_SENT'
  | 'LINKS_INSECURE'
  | 'WORKER_PASSED_OVER'
  | 'REPORT_REFUSED'
  | 'WATCHER_FAILED'
  | 'REPLICA_SLOW'

/** Workers of other machines, and where they are found. */
export interface ClusterJoin extends JoinOptions {
  /** How long the start waits for workers if there are too few, in ms; default 0. */
  readonly wait?: number
  /** Of the run, where another coordinator may take it over: see `Lease`. */
  readonly lease?: Lease
}

/** The kernel is the same on all cores; threads are those of every core, and cores of one process share theirs. */
export interface ClusterOptions extends ComputationOptions {
  /**
   * Trials of a mini-batch that go through the layers together: while one core runs a layer for some trials, another runs
   * the next layer for the trials before. Default 'auto': the number that pays, by the estimated work; Infinity: all at
   * once; another number: about that many, in steps of 8 and in at most 8 parts. It applies to layered networks on the
   * SIMD kernel whose spikes are given; other runs take all trials at once. Never changes a result.
   */
  readonly microBatch?: number | 'auto'
  /**
   * Copies of every partition; each computes some of the trials of a mini-batch, in chunks of 32. A batch with fewer chunks is
   * refused (REPLICAS_TOO_MANY). Core k of replica r is reported as core r · cores + k. Never changes a result. Default 1.
   */
  readonly replicas?: number
  /** Every partition counts what it does, for `metrics`; default false. Never changes a result. */
  readonly metrics?: boolean
  /** Every partition records what it does when, for `trace`; default false. Never changes a result. */
  readonly trace?: boolean
  /** Default 'auto'; never changes a result. */
  readonly transport?: TransportChoice
  /**
   * Number of processes or threads that hold the cores; each holds consecutive cores, which compute in turn. Default:
   * one per core, with the transport 'auto' no more than the machine has hardware threads. Never changes a result, nor
   * what is counted per core. With the transport 'local' it has no effect.
   */
  readonly processes?: number
  /**
   * With the transport 'websocket': address to listen at, of the coordinator and of every partition; default 127.0.0.1, which
   * only this machine reaches. Links at any other address are encrypted, unless `insecure` is set.
   */
  readonly host?: string
  /**
   * Links are not encrypted at any address: anyone who sees the traffic can read and change what is computed.
   * Default false.
   */
  readonly insecure?: boolean
  /** Origins of web pages, such as https://lab.example, that may open links; default: none, every other page is turned away. */
  readonly allowOrigins?: readonly string[]
  /** The coordinator's port; default 0: one that is free. Partitions always take one that is free. */
  readonly port?: number
  /**
   * A partition that sends nothing for this many ms counts as lost, once all are ready; default 10000. See `restarts`.
   */
  readonly silence?: number
  /**
   * Longest time between two messages of a partition, in ms; default 1000, but no more than a quarter of the silence.
   */
  readonly heartbeat?: number
  /**
   * If no message comes or goes in a run for this many ms, though no partition computes, the session ends with a
   * `RunError` RUN_STALLED that names the actor, the link and the watermark it waits for; default 60000, Infinity: never.
   * A partition that does nothing for this long though it owes a reply, or does not report its status for 60 times as
   * long, has fallen silent: CORE_SILENT.
   */
  readonly stall?: number
  /** Time for all partitions to become ready, in ms, as far as this process is awake; default 30000. */
  readonly startLimit?: number
  /**
   * How often the partitions may be restarted after one of them has died, fallen silent or become unreachable; the
   * learned state is restored with the same bits. A partition that is not ready within `startLimit` has fallen silent
   * if four heartbeats are missing, and is only slow otherwise. A slow partition ends a first start; in a later start
   * it makes the attempt fail. Infinity: as often as necessary, unless restarts fail repeatedly with no work done in
   * between. Default 0: the first failure ends the session. With the transport 'local' there are no restarts.
   */
  readonly restarts?: number
  /** Called before every attempt to restart. */
  readonly onRestart?: (restart: Restart) => void
  /**
   * Called once for each note, a text for people, on what might be quicker or safer, such as why input spikes are sent
   * with every mini-batch of a task that partitions could make themselves; default: `process.emitWarning`.
   */
  readonly onNote?: (note: string, code: NoteCode) => void
  /**
   * When it is aborted, every process and thread ends at once, also one that has stopped: the start, all calls in
   * progress and every later call reject with its reason. With the transport 'local' it is checked between calls.
   */
  readonly signal?: AbortSignal
  /**
   * Workers of other machines hold the cores in place of processes of this one: they are found over NATS, and linked to
   * each other and to this process by encrypted websockets. Any available worker replaces one that is lost, see
   * `restarts`. The default of `processes` is the number of cores, and each process takes a slot of a worker; `host`,
   * `port` and other transports have no effect beside it. Never changes a result.
   */
  readonly join?: ClusterJoin
}

export type ClusterSettings = Required<
  Omit<ClusterOptions, 'signal' | 'onRestart' | 'onNote' | 'transport' | 'join'>
> & {
  readonly transport: Transport
  readonly join: ClusterJoin | null
}

/** What holds where an option is not given, but for those that depend on others. */
export const CLUSTER_DEFAULTS = {
  ...COMPUTATION_DEFAULTS,
  microBatch: 'auto',
  replicas: 1,
  metrics: false,
  trace: false,
  host: '127.0.0.1',
  port: 0,
  insecure: false,
  allowOrigins: [],
  silence: 10_000,
  startLimit: 30_000,
  stall: 60_000,
  restarts: 0,
} as const

/** In ms. */
const MOST_HEARTBEAT = 1000
/** Number of heartbeats that a live peer sends before it would count as silent. */
const HEARTBEATS = 4
/** In ms: twelve days; a timer of the platform waits no longer than 2^31. */
export const MOST_TIME = 1e9

/** How long a silence may be, in ms. */
export const SILENCE_RANGE = { least: HEARTBEATS, most: MOST_TIME } as const

/** How long a run may stand still, in ms. */
export const STALL_RANGE = { least: 4, most: MOST_TIME } as const

const optionThat = (expected: string, holds: (value: unknown) => boolean): Reader<never> =>
  valueThat({ code: 'CLUSTER_OPTION_INVALID', expected, holds })

/** A number of ms from the least on, or, where it may be, Infinity. */
const timeFrom = (least: number, orEndless = '') =>
  anyNumberThat({
    code: 'CLUSTER_OPTION_INVALID',
    expected: `${least} to ${MOST_TIME} ms${orEndless}`,
    holds: (ms) => isTime(ms, least) || (orEndless !== '' && ms === Number.POSITIVE_INFINITY),
  })

const isCount = (value: unknown, least: number) => Number.isSafeInteger(value) && Number(value) >= least
const isTime = (ms: number, least: number) => ms >= least && ms <= MOST_TIME

const JOIN_READERS: Readers<ClusterJoin> = {
  servers: asGiven,
  credentials: asGiven,
  tls: asGiven,
  wait: numberThat({ expected: '0 to 10^9 ms', holds: (value) => value >= 0 && value <= MOST_TIME }),
  lease: readRecord,
}

const READERS: Readers<ClusterOptions> = {
  ...COMPUTATION_READERS,
  microBatch: optionThat(
    '"auto", a whole number of trials from 1, or Infinity',
    (trials) => trials === 'auto' || trials === Number.POSITIVE_INFINITY || isCount(trials, 1),
  ),
  replicas: optionThat('an integer from 1', (count) => isCount(count, 1)),
  metrics: optionThat('true or false', (value) => typeof value === 'boolean'),
  trace: optionThat('true or false', (value) => typeof value === 'boolean'),
  transport: asGiven,
  processes: optionThat('an integer from 1', (count) => isCount(count, 1)),
  host: optionThat('a host name or an address', (host) => typeof host === 'string' && host !== ''),
  port: optionThat('an integer from 0 to 65535', (port) => isCount(port, 0) && Number(port) <= 65_535),
  insecure: readBoolean,
  allowOrigins: listOf(readString),
  silence: timeFrom(SILENCE_RANGE.least),
  heartbeat: readAnyNumber,
  stall: timeFrom(STALL_RANGE.least, ', or Infinity'),
  startLimit: timeFrom(1),
  restarts: optionThat(
    'an integer from 0, or Infinity',
    (count) => count === Number.POSITIVE_INFINITY || isCount(count, 0),
  ),
  onRestart: readFunction,
  onNote: readFunction,
  signal: readSignal,
  join: (value, field) => readRequired(value, JOIN_READERS, ['servers'], field),
}

/**
 * Fills in the defaults, also for options that are undefined; raises `InputError` CLUSTER_OPTION_INVALID, KERNEL_UNKNOWN,
 * THREADS_INVALID, OPTION_OUT_OF_RANGE, FIELD_UNKNOWN or FIELD_TYPE.
 */
export function clusterSettings(given: ClusterOptions): ClusterSettings {
  const {
    signal: _,
    onRestart: __,
    onNote: ___,
    transport: choice = 'auto',
    join = null,
    ...options
  } = readOptions(given, READERS)
  const needs = {
    address: options.host !== undefined || options.port !== undefined || join !== null,
    restarts: options.restarts !== 0 && options.restarts !== undefined,
  }
  const { silence: longest = CLUSTER_DEFAULTS.silence } = options
  const settings: ClusterSettings = {
    ...CLUSTER_DEFAULTS,
    transport: choice === 'auto' ? chooseTransport(needs) : choice,
    processes: join === null ? mostProcesses(choice) : Number.POSITIVE_INFINITY,
    heartbeat: Math.min(MOST_HEARTBEAT, longest / HEARTBEATS),
    ...options,
    join,
  }
  if (join !== null) requireJoinable(options, settings)
  const { transport, silence, heartbeat } = settings
  requireOption(EVERY_TRANSPORT.includes(transport), 'transport', transport, eitherOf(['auto', ...EVERY_TRANSPORT]))
  const isJoined = join !== null || TRANSPORTS[transport].workers !== 'always'
  requireOption(isJoined, 'transport', transport, `options.join beside "${transport}"`)
  const most = silence / HEARTBEATS
  requireOption(
    isTime(heartbeat, 1) && heartbeat <= most,
    'heartbeat',
    heartbeat,
    `1 to ${most} ms, a quarter of silence`,
  )
  return settings
}

/** What means nothing, or cannot be done, beside workers of other machines. */
function requireJoinable(options: Pick<ClusterOptions, 'host' | 'port'>, { transport, trace }: ClusterSettings): void {
  const beside = 'nothing beside options.join'
  const isRemote = WORKER_TRANSPORTS.includes(transport)
  requireOption(isRemote, 'transport', transport, `${eitherOf(['auto', ...WORKER_TRANSPORTS])} beside options.join`)
  requireOption(options.host === undefined, 'host', options.host, beside)
  requireOption(options.port === undefined, 'port', options.port, beside)
  requireOption(!trace, 'trace', trace, 'false beside options.join, as every machine has a clock of its own')
}

/** Raises `InputError` CLUSTER_OPTION_INVALID where processes would hold nothing. */
export function requireProcesses(processes: number | undefined, cores: number): void {
  const holds = processes === undefined || processes <= cores
  requireOption(holds, 'processes', processes, `at most ${cores}, the number of cores`)
}

function requireOption(holds: boolean, field: string, found: unknown, expected: string): void {
  if (holds) return
  throw new InputError({
    code: 'CLUSTER_OPTION_INVALID',
    field: `options.${field}`,
    found: describeValue(found),
    expected,
  })
}
