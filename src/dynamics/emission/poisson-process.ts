import type { EmissionValues } from '../../network/description/emission.js'
import type { RandomStreams } from '../../numerics/random-stream.js'
import { countDistribution, drawFrame, type FrameShape, frameLength } from './poisson-frames.js'
import type { SpikeProcess } from './spike-process.js'

/** Positions of a frame: one more than there may be spikes in it. */
const PLACES = 256

/** A position from which on all spikes at `time` ms or later come, at a rate in Hz. */
export function poissonPosition(rate: number, time: number): number {
  // A frame more than need be, whatever rounding has done to the time.
  return PLACES * Math.max(0, Math.floor(time / frameLength(rate)) - 1)
}

/**
 * Poisson trains, frame by frame. A position is frame · 256 + the spikes of the frame so far.
 *
 * The frame that each stream is in is kept, since its spikes are asked for one after the other.
 */
export function poissonProcess(
  { rate: rates, start, stop = Infinity }: Extract<EmissionValues, { process: 'poisson' }>,
  streams: RandomStreams,
): SpikeProcess {
  const shapes = new Map<number, FrameShape>()
  const drawn: { readonly frame: number; readonly times: Float64Array }[] = []

  function shapeOf(rate: number): FrameShape {
    const known = shapes.get(rate)
    if (known !== undefined) return known
    const length = frameLength(rate)
    const shape = { length, distribution: countDistribution((rate * length) / 1000), start, stop }
    shapes.set(rate, shape)
    return shape
  }

  function timesOf(unit: number, stream: number, frame: number): Float64Array {
    const last = drawn[stream]
    if (last?.frame === frame) return last.times
    const times = drawFrame((index) => streams.words(stream, index), frame, shapeOf(rates[unit] as number))
    drawn[stream] = { frame, times }
    return times
  }

  return {
    origin: 0,
    next(unit, stream, _, last) {
      const rate = rates[unit] as number
      if (!(rate > 0)) return Number.POSITIVE_INFINITY
      const { length } = shapeOf(rate)
      let frame = Math.max(Math.floor(last / PLACES), Math.floor(start / length))
      let passed = Math.max(0, last - frame * PLACES)
      while (frame * length < stop) {
        if (passed < timesOf(unit, stream, frame).length) return frame * PLACES + passed + 1
        frame++
        passed = 0
      }
      return Number.POSITIVE_INFINITY
    },
    timeOf(unit, stream, position) {
      if (position === Number.POSITIVE_INFINITY) return position
      const frame = Math.floor((position - 1) / PLACES)
      return timesOf(unit, stream, frame)[position - 1 - frame * PLACES] as number
    },
  }
}
