import { DEFAULT_KERNEL, type KernelKind, readKernelKind } from '../dynamics/kernels/kernel-kind.js'
import { readThreads } from '../dynamics/kernels/kernel-threads.js'
import { DEFAULT_SPIKE_LIMIT, readSpikeLimit } from '../dynamics/models/spike-limit.js'
import { readSeed } from '../network/instance/read-seed.js'
import type { Readers } from '../network/reading/read-fields.js'

/** What is computed beside the network, and by what. */
export interface ComputationOptions {
  /** Draws the initial values; default 0. */
  readonly seed?: number
  /** Default 'simd', which falls back to 'reference' for groups it cannot run; the two agree to the model's accuracy. */
  readonly kernel?: KernelKind
  /**
   * A run ends with a `RunError` SPIKES_TOO_MANY, which names the group, where its neurons fire more often than this, in spikes per
   * neuron and ms, in one trial and one of the intervals [0, 1), [1, 2) … ms; the mean over neurons 0 to 31, 32 to 63 and so on
   * counts. Default 1000, at most 10^9. Never changes a result, and ends a run on every placement alike.
   */
  readonly spikeLimit?: number
  /**
   * Threads that share the work of the SIMD kernel, this one included; default 1. Never changes a result; groups on the
   * reference kernel stay on this thread.
   */
  readonly threads?: number
}

/** The same record from the options of a session to the kernels of every partition. */
export type Computation = Required<ComputationOptions>

/** Raise `InputError` SEED_INVALID, KERNEL_UNKNOWN, OPTION_OUT_OF_RANGE, THREADS_INVALID. */
export const COMPUTATION_READERS: Readers<ComputationOptions> = {
  seed: readSeed,
  kernel: readKernelKind,
  spikeLimit: readSpikeLimit,
  threads: readThreads,
}

export const COMPUTATION_DEFAULTS: Computation = {
  seed: 0,
  kernel: DEFAULT_KERNEL,
  spikeLimit: DEFAULT_SPIKE_LIMIT,
  threads: 1,
}

/** The record alone, of settings that hold more. */
export function computationOf({ seed, kernel, spikeLimit, threads }: Computation): Computation {
  return { seed, kernel, spikeLimit, threads }
}

/** The settings of a cluster that every partition knows. */
export interface SharedSettings extends Computation {
  /** Of every partition. */
  readonly replicas: number
  /** Every partition counts what its components do. */
  readonly metrics: boolean
  /** Every partition records what it does when. */
  readonly trace: boolean
  /** A peer that sends nothing for this many ms counts as lost. */
  readonly silence: number
  /** Longest time between two messages, in ms. */
  readonly heartbeat: number
  /** Time for all partitions to become ready, in ms; also the longest wait for a connection. */
  readonly startLimit: number
}

/** Those among all settings. */
export function sharedSettings(settings: SharedSettings): SharedSettings {
  const { replicas, metrics, trace, silence, heartbeat, startLimit } = settings
  return { ...computationOf(settings), replicas, metrics, trace, silence, heartbeat, startLimit }
}
