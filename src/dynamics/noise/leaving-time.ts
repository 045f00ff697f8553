import { stepOf } from '../../numerics/step-of.js'
import type { SpikeWay } from './spike-noise.js'

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
