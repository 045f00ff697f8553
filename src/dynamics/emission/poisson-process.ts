import type { EmissionValues } from '../../network/description/emission.js'
import type { RandomStreams } from '../../numerics/random-stream.js'
import { countDistribution, drawInterval, type IntervalShape, intervalLength } from './poisson-intervals.js'

/**
 * How one spike of a unit follows another. Spikes have positions, which rise from `origin` and say their times; for most
 * processes they are the times.
 */
export interface SpikeProcess {
  /** Where a unit stands before its first spike. */
  readonly origin: number
  /**
   * The position of spike number `count` of a unit whose last one is at `last`.
   *
   * @param stream of the unit in its trial
   */
  next(unit: number, stream: number, count: number, last: number): number
  /** In ms; never falls with the position. Infinity where no such spike follows. */
  timeOf(unit: number, stream: number, position: number): number
}

/** Positions of an interval: one more than there may be spikes in it. */
const PLACES = 256

/** A position from which on all spikes at `time` ms or later come, at a rate in Hz. */
export function poissonPosition(rate: number, time: number): number {
  // An interval more than need be, whatever rounding has done to the time.
  return PLACES * Math.max(0, Math.floor(time / intervalLength(rate)) - 1)
}

/**
 * Poisson trains, interval by interval. A position is interval · 256 + the spikes of the interval so far.
 *
 * The interval that each stream is in is kept, since its spikes are asked for one after the other.
 */
export function poissonProcess(
  { rate: rates, start, stop = Infinity }: Extract<EmissionValues, { process: 'poisson' }>,
  streams: RandomStreams,
): SpikeProcess {
  const shapes = new Map<number, IntervalShape>()
  const drawn: { readonly interval: number; readonly times: Float64Array }[] = []

  function shapeOf(rate: number): IntervalShape {
    const known = shapes.get(rate)
    if (known !== undefined) return known
    const length = intervalLength(rate)
    const shape = { length, distribution: countDistribution((rate * length) / 1000), start, stop }
    shapes.set(rate, shape)
    return shape
  }

  function timesOf(unit: number, stream: number, interval: number): Float64Array {
    const last = drawn[stream]
    if (last?.interval === interval) return last.times
    const times = drawInterval((index) => streams.words(stream, index), interval, shapeOf(rates[unit] as number))
    drawn[stream] = { interval, times }
    return times
  }

  return {
    origin: 0,
    next(unit, stream, _, last) {
      const rate = rates[unit] as number
      if (!(rate > 0)) return Number.POSITIVE_INFINITY
      const { length } = shapeOf(rate)
      let interval = Math.max(Math.floor(last / PLACES), Math.floor(start / length))
      let passed = Math.max(0, last - interval * PLACES)
      while (interval * length < stop) {
        if (passed < timesOf(unit, stream, interval).length) return interval * PLACES + passed + 1
        interval++
        passed = 0
      }
      return Number.POSITIVE_INFINITY
    },
    timeOf(unit, stream, position) {
      if (position === Number.POSITIVE_INFINITY) return position
      const interval = Math.floor((position - 1) / PLACES)
      return timesOf(unit, stream, interval)[position - 1 - interval * PLACES] as number
    },
  }
}
