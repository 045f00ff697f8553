import type { ProjectionValues } from '../../src/network/instance/instance.js'
import { nextUp } from '../../src/numerics/neighbours.js'
import type { Spike } from '../learning/trains.js'
import { trainsOf } from '../learning/trains.js'
import type { DrawnKernelCase } from './kernel-case.js'

/** What becomes of a spike that arrives at an instant or later: its new time, none, or null as it is. */
export type Fate = 'kept' | 'lost' | 'late' | 'at once'

/**
 * The same input up to an instant: spikes that may arrive before it anywhere stay as they are, of the others each meets a fate.
 * 'at once' is to arrive at the very instant, where the delay is the least of its projection.
 */
export function movedLater<Case extends DrawnKernelCase>(sample: Case, instant: number, fates: readonly Fate[]): Case {
  const trains = sample.trains.map(({ offsets, times, units }, p) => {
    const delay = leastDelay(sample.instance.projections[p]!)
    const earliest = earliestFor(instant, delay)
    const moved = (time: number, k: number): number | null => {
      if (time + delay < instant) return time
      const fate = fates[(k + p) % fates.length]!
      if (fate === 'lost') return null
      if (fate === 'late') return time + 0.37 * (1 + (k % 5))
      return fate === 'at once' ? earliest : time
    }
    return trainsOf(
      Array.from({ length: sample.trials }, (_, trial) => {
        const spikes: Spike[] = []
        for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) {
          const time = moved(times[k]!, k)
          if (time !== null && time < sample.until) spikes.push({ time, unit: units[k]! })
        }
        return spikes
      }),
    )
  })
  return { ...sample, trains }
}

function leastDelay({ delayShape, delays }: ProjectionValues): number {
  return delayShape === 'none' ? 0 : delays.reduce((least, delay) => Math.min(least, delay), Number.POSITIVE_INFINITY)
}

/** The first time at which to send what arrives at an instant or later. */
function earliestFor(instant: number, delay: number): number {
  let time = Math.max(instant - delay, 0)
  while (time + delay < instant) time = nextUp(time)
  return time
}
