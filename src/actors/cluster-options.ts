import { checkKernelKind, DEFAULT_KERNEL, type KernelKind } from '../dynamics/kernel-kind.js'
import { checkThreads } from '../dynamics/kernel-threads.js'
import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'
import { type Readers, readOptions, readRequired } from '../network/reading/read-fields.js'
import { listOf } from '../network/reading/read-list.js'
import { numberThat, readAnyNumber } from '../network/reading/read-number.js'
import {
  asGiven,
  objectWith,
  readBoolean,
  readFunction,
  readRecord,
  readString,
} from '../network/reading/read-value.js'

import type { JoinOptions } from '../rendezvous/join-options.js'
import type { Lease } from '../rendezvous/lease.js'
import type { Restart } from './cluster-session.js'
import { chooseTransport, mostProcesses, type Transport, type TransportChoice } from './transport.js'
import { EVERY_TRANSPORT, TRANSPORTS, WORKER_TRANSPORTS } from './transport-table.js'

/**
 * What a note is about: spikes that are sent because no core can make a task, links that are not encrypted, or a worker that
 * was asked and cannot be used.
 */
export type NoteCode = 'SAMPLES_SENT' | 'LINKS_INSECURE' | 'WORKER_PASSED_OVER' | 'WATCHER_FAILED'

/** Workers of other machines, and where they are found. */
export interface ClusterJoin extends JoinOptions {
  /** Workers are waited for so many ms where there are too few at the start; default 0. */
  readonly wait?: number
  /** Of the run, where another coordinator may take it over: see `Lease`. */
  readonly lease?: Lease
}

export interface ClusterOptions {
  /** Draws the initial values; default 0. */
  readonly seed?: number
  /** Default 'simd', see `OpenOptions`; the same on all cores. */
  readonly kernel?: KernelKind
  /** Threads that share the work of the SIMD kernel on every core, see `OpenOptions`; default 1. Cores of one process share theirs. */
  readonly threads?: number
  /**
   * Trials of a mini-batch that go through the layers together: while one core runs a layer for some trials, another runs
   * the next layer for those before. Default 'auto': as many as pay, by the reckoned work; Infinity: all at once; else
   * about so many, in steps of 8 and in at most 8 parts. For layered networks on the SIMD kernel whose spikes are given; other
   * runs take all at once. Never changes a result.
   */
  readonly microBatch?: number | 'auto'
  /** Every partition counts what it does, for `metrics`; default false. Never changes a result. */
  readonly metrics?: boolean
  /** Every partition records what it does when, for `trace`; default false. Never changes a result. */
  readonly trace?: boolean
  /** Default 'auto'; never changes a result. */
  readonly transport?: TransportChoice
  /**
   * So many processes or threads hold the cores, each a run of them that compute in turn; default: one per core, with the
   * transport 'auto' no more than the machine has hardware threads. Never changes a result, nor what is counted
   * per core. With the transport 'local' it means nothing.
   */
  readonly processes?: number
  /**
   * With the transport 'websocket': address to listen at, of the coordinator and of every partition; default 127.0.0.1, which
   * only this machine reaches. Links at any other address are encrypted, unless `insecure` is set.
   */
  readonly host?: string
  /** Links are not encrypted at any address: whoever sees them can read and change what is computed. Default false. */
  readonly insecure?: boolean
  /** Origins of web pages, such as https://lab.example, that may open links; default: none, every other page is turned away. */
  readonly allowOrigins?: readonly string[]
  /** The coordinator's port; default 0: one that is free. Partitions always take one that is free. */
  readonly port?: number
  /** After so many ms without a word a partition counts as lost, from when all are ready; default 10000. See `restarts`. */
  readonly silence?: number
  /** Every partition says a word at least so often, in ms; default 1000, but no more than a quarter of the silence. */
  readonly heartbeat?: number
  /**
   * After so many ms in which no message comes or goes in a run, though no partition computes, the session ends with a
   * `RunError` RUN_STALLED that names the actor, the link and the watermark it waits for; default 60000, Infinity: never.
   */
  readonly stall?: number
  /** Time for all partitions to become ready, in ms; default 30000. */
  readonly startLimit?: number
  /**
   * How often the partitions may be started anew after one of them has died, fallen silent or could no longer be reached;
   * what they had learned is led back to where it stood, with the same bits. One that is not ready within `startLimit` has
   * fallen silent if four heartbeats have not come, and is only slow otherwise. Infinity: as often as it takes, unless it
   * fails again and again with nothing done in between. Default 0: the first failure ends the session. With the transport
   * 'local' nothing of the kind happens.
   */
  readonly restarts?: number
  /** Told of every restart before it is tried. */
  readonly onRestart?: (restart: Restart) => void
  /**
   * Told, for people, of what might be quicker or safer, each once, such as why input spikes are sent with every mini-batch
   * of a task that partitions could make themselves; default: `process.emitWarning`.
   */
  readonly onNote?: (note: string, code: NoteCode) => void
  /**
   * Aborted, it ends every process and thread at once, also one that has stopped: the start, whatever is under way and
   * every later call reject with its reason. With the transport 'local' it is looked at between calls.
   */
  readonly signal?: AbortSignal
  /**
   * Workers of other machines hold the cores in place of processes of this one: they are found over NATS, and linked to
   * each other and to here by encrypted websockets. One that is lost is replaced by whoever is there, see `restarts`.
   * `processes` are as many as cores by default, and each takes a slot of a worker; `host`, `port` and other transports
   * mean nothing beside it. Never changes a result.
   */
  readonly join?: ClusterJoin
}

export type ClusterSettings = Required<
  Omit<ClusterOptions, 'signal' | 'onRestart' | 'onNote' | 'transport' | 'join'>
> & {
  readonly transport: Transport
  readonly join: ClusterJoin | null
}

/** In ms. */
export const DEFAULT_STALL = 60_000
/** Of a peer that lives, so many are heard before it would count as silent. */
const HEARTBEATS = 4
/** In ms; a timer of the platform waits no longer than 2^31. */
const MOST_TIME = 1e9

/** How long a silence may be, in ms. */
export const SILENCE_RANGE = { least: HEARTBEATS, most: MOST_TIME } as const

/** How long a run may stand still, in ms. */
export const STALL_RANGE = { least: 4, most: MOST_TIME } as const

const readSignal = objectWith<AbortSignal>(['throwIfAborted', 'addEventListener'], 'an AbortSignal')

const JOIN_READERS: Readers<ClusterJoin> = {
  servers: asGiven,
  credentials: asGiven,
  tls: asGiven,
  wait: numberThat({ expected: '0 to 10^9 ms', holds: (value) => value >= 0 && value <= MOST_TIME }),
  lease: readRecord,
}

const READERS: Readers<ClusterOptions> = {
  seed: asGiven,
  kernel: asGiven,
  threads: asGiven,
  microBatch: asGiven,
  metrics: asGiven,
  trace: asGiven,
  transport: asGiven,
  processes: asGiven,
  host: asGiven,
  port: asGiven,
  insecure: readBoolean,
  allowOrigins: listOf(readString),
  silence: readAnyNumber,
  heartbeat: readAnyNumber,
  stall: readAnyNumber,
  startLimit: readAnyNumber,
  restarts: asGiven,
  onRestart: readFunction,
  onNote: readFunction,
  signal: readSignal,
  join: (value, field) => readRequired(value, JOIN_READERS, ['servers'], field),
}

/**
 * Fills in the defaults, also for options that are undefined; raises `InputError` CLUSTER_OPTION_INVALID, KERNEL_UNKNOWN,
 * THREADS_INVALID, FIELD_UNKNOWN or FIELD_TYPE.
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
  const { silence: longest = 10_000 } = options
  const settings: ClusterSettings = {
    seed: 0,
    kernel: DEFAULT_KERNEL,
    threads: 1,
    microBatch: 'auto',
    metrics: false,
    trace: false,
    transport: choice === 'auto' ? chooseTransport(needs) : choice,
    processes: join === null ? mostProcesses(choice) : Number.POSITIVE_INFINITY,
    host: '127.0.0.1',
    port: 0,
    insecure: false,
    allowOrigins: [],
    silence: longest,
    heartbeat: Math.min(1000, longest / HEARTBEATS),
    startLimit: 30_000,
    stall: DEFAULT_STALL,
    restarts: 0,
    ...options,
    join,
  }
  if (join !== null) requireJoinable(options, settings)
  const { seed, transport, processes, host, port, silence, heartbeat, startLimit, stall, restarts } = settings
  expectOption(Number.isSafeInteger(seed) && seed >= 0, 'seed', seed, 'an integer from 0 to 2^53 - 1')
  checkKernelKind(settings.kernel)
  checkThreads(settings.threads)
  const { microBatch } = settings
  const isPart = microBatch === 'auto' || microBatch === Number.POSITIVE_INFINITY || isTrials(microBatch)
  expectOption(isPart, 'microBatch', microBatch, '"auto", a whole number of trials from 1, or Infinity')
  expectOption(typeof settings.metrics === 'boolean', 'metrics', settings.metrics, 'true or false')
  expectOption(typeof settings.trace === 'boolean', 'trace', settings.trace, 'true or false')
  expectOption(EVERY_TRANSPORT.includes(transport), 'transport', transport, autoOr(EVERY_TRANSPORT))
  const isJoined = join !== null || TRANSPORTS[transport].workers !== 'always'
  expectOption(isJoined, 'transport', transport, `options.join beside "${transport}"`)
  const isNumber = options.processes === undefined || (Number.isSafeInteger(processes) && processes >= 1)
  expectOption(isNumber, 'processes', processes, 'an integer from 1')
  expectOption(typeof host === 'string' && host !== '', 'host', host, 'a host name or an address')
  expectOption(Number.isInteger(port) && port >= 0 && port <= 65_535, 'port', port, 'an integer from 0 to 65535')
  const { least, most: longestSilence } = SILENCE_RANGE
  expectOption(isTime(silence, least), 'silence', silence, `${least} to ${longestSilence} ms`)
  const most = silence / HEARTBEATS
  expectOption(
    isTime(heartbeat, 1) && heartbeat <= most,
    'heartbeat',
    heartbeat,
    `1 to ${most} ms, a quarter of silence`,
  )
  expectOption(isTime(startLimit, 1), 'startLimit', startLimit, `1 to ${MOST_TIME} ms`)
  const isLimit = stall === Number.POSITIVE_INFINITY || isTime(stall, STALL_RANGE.least)
  expectOption(isLimit, 'stall', stall, `${STALL_RANGE.least} to ${STALL_RANGE.most} ms, or Infinity`)
  const isCount = restarts === Number.POSITIVE_INFINITY || (Number.isSafeInteger(restarts) && restarts >= 0)
  expectOption(isCount, 'restarts', restarts, 'an integer from 0, or Infinity')
  return settings
}

/** What means nothing, or cannot be done, beside workers of other machines. */
function requireJoinable(options: Pick<ClusterOptions, 'host' | 'port'>, { transport, trace }: ClusterSettings): void {
  const beside = 'nothing beside options.join'
  const isRemote = WORKER_TRANSPORTS.includes(transport)
  expectOption(isRemote, 'transport', transport, `${autoOr(WORKER_TRANSPORTS)} beside options.join`)
  expectOption(options.host === undefined, 'host', options.host, beside)
  expectOption(options.port === undefined, 'port', options.port, beside)
  expectOption(!trace, 'trace', trace, 'false beside options.join, as every machine has a clock of its own')
}

/** Raises `InputError` CLUSTER_OPTION_INVALID where processes would hold nothing. */
export function requireProcesses(processes: number | undefined, cores: number): void {
  const holds = processes === undefined || processes <= cores
  expectOption(holds, 'processes', processes, `at most ${cores}, the number of cores`)
}

/** Such as `"auto", "websocket" or "nats"`. */
function autoOr(transports: readonly Transport[]): string {
  const choices = ['auto', ...transports].map((choice) => `"${choice}"`)
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}

const isTrials = (count: unknown) => Number.isSafeInteger(count) && Number(count) >= 1
const isTime = (ms: number, least: number) => ms >= least && ms <= MOST_TIME

function expectOption(holds: boolean, field: string, found: unknown, expected: string): void {
  if (holds) return
  throw new InputError({
    code: field === 'seed' ? 'SEED_INVALID' : 'CLUSTER_OPTION_INVALID',
    field: `options.${field}`,
    found: describeValue(found),
    expected,
  })
}
