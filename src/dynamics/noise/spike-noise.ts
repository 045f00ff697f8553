import { MINIMAL_CYCLE_DELAY } from '../../network/graph/lookahead.js'
import { stepOf } from '../../numerics/step-of.js'
import type { DelayRange } from '../parameters/synapses.js'

/**
 * What happens by chance to every spike of a stream of random numbers.
 *
 * A spike is lost with a probability, else it comes eps ms later, eps normal with mean 0. Both are pure functions of
 * (seed, name, draw, trial, unit, spike number), so they are the same wherever and in whatever order they are asked for.
 */
export interface SpikeFate {
  readonly seed: number
  /** Of the stream of random numbers. */
  readonly name: string
  /** Standard deviation of eps in ms. */
  readonly jitter: number
  /** Probability in 0 … 1. */
  readonly loss: number
}

/** What happens to the spikes of one projection on their way; the fates do not know of each other. */
export interface ProjectionNoise {
  readonly fates: readonly SpikeFate[]
  /** The projection lies on a cycle: a spike must not arrive before others could know of it, see `shiftedDelay`. */
  readonly causal: boolean
  /**
   * Length of a tick in ms: spikes leave at the first tick at or after them, at one tick at the earliest.
   * Default 0: at any time.
   */
  readonly tick?: number
  /** Additional time in ms after that tick at which spikes leave; default 0. */
  readonly lag?: number
}

/** How spikes go, whatever chance does to them. */
export type SpikeWay = Omit<ProjectionNoise, 'fates'>

/** What happens to the spikes that come to a kernel in one run. */
export interface SpikeNoise {
  /** Number of the realisation: runs with the same one meet the same chances. */
  readonly draw: number
  /** Number of the run's first trial among all trials of that realisation. */
  readonly firstTrial: number
  /** Per projection of the kernel; null where every spike arrives as it should. */
  readonly projections: readonly (ProjectionNoise | null)[]
}

/** More standard deviations than a normal variate of 53 random bits can be away from its mean. */
const FARTHEST = 8.3

/** How far eps may be from 0, in ms. */
export function reachOf({ fates }: ProjectionNoise): number {
  return FARTHEST * fates.reduce((sum, { jitter }) => sum + jitter, 0)
}

/**
 * The delay of an arrival on a cycle whose spike is eps ms late, and known l ms after it was sent:
 *
 *     max(d + eps, min(l + d, 0.1 ms) - l)
 *
 * A device is causal, and a receiver has to know for how long nothing can arrive. That eps is cut short for some d counts
 * as chance, not as a function of d: the delay's gradient is that of d + eps.
 */
export function shiftedDelay(delay: number, eps: number, latency = 0): number {
  return Math.max(delay + eps, Math.min(latency + delay, MINIMAL_CYCLE_DELAY) - latency)
}

/** What sums with latencies may be rounded by, and much more, ms. */
const ROUNDING = 1e-9

/**
 * The shortest and longest way from a spike to an arrival, with what noise may do to it; the shortest may be below 0.
 *
 * @param latency ms by which the spikes are known later than sent, which is no part of the way; null: they never are
 */
export function noisyRange(
  { least, most }: DelayRange,
  noise: ProjectionNoise | null | undefined,
  latency: { readonly least: number } | null = null,
): DelayRange {
  if (noise === null || noise === undefined) return { least, most }
  const { causal, tick = 0, lag = 0 } = noise
  const reach = reachOf(noise)
  // Ticks and lags come later, never earlier. Two ticks are more than one, however the sum is rounded.
  const rounding = latency === null ? 0 : ROUNDING
  const soonest = causal ? shiftedDelay(least, -reach, latency?.least) - rounding : least - reach
  return { least: soonest, most: most + reach + 2 * tick + lag }
}

/** When a spike off cycles leaves that is eps ms late: at 0 at the earliest, then at the next tick, then after the lag. */
export function leavingTime(time: number, eps: number, { tick = 0, lag = 0 }: Pick<SpikeWay, 'tick' | 'lag'>): number {
  const late = Math.max(0, time + eps)
  return (tick > 0 ? tick * stepOf(late, tick) : late) + lag
}

/**
 * The same on a cycle, where nothing leaves before its spike: with ticks it waits for the one at or after time + eps, else
 * it is its arrivals that are late, see `causalShift`.
 */
export function causalLeavingTime(
  time: number,
  eps: number,
  { tick = 0, lag = 0 }: Pick<SpikeWay, 'tick' | 'lag'>,
): number {
  return Math.max(time, tickedTime(time, eps, tick)) + lag
}

/** By how much later the arrivals of a spike on a cycle are than its leaving says, in ms; below 0 where eps leads back. */
export function causalShift(time: number, eps: number, { tick = 0 }: Pick<SpikeWay, 'tick' | 'lag'>): number {
  if (tick === 0) return eps
  return eps < 0 ? Math.min(0, tickedTime(time, eps, tick) - time) : 0
}

function tickedTime(time: number, eps: number, tick: number): number {
  return tick > 0 ? tick * stepOf(Math.max(0, time + eps), tick) : time
}
