import type { RandomStreams } from '../../../numerics/random-stream.js'
import type { EventRecording } from '../event-recordings.js'
import { affineMove } from './affine-move.js'
import { type Plane, planeOf } from './plane-of.js'

/** Where a recording is in the mean: in the plane of its units, and in time. */
interface Centre {
  readonly x: number
  readonly y: number
  readonly time: number
}

/**
 * Two recordings as one: both are moved to the middle between their centres, in whole channels or pixels and in time, and
 * every event of either is kept with probability 1/2. What leaves the units or begins before 0 is lost. The events are in no
 * order then: first those of the one, then those of the other.
 *
 *     right = trunc((x_other - x_one) / 2), and so for y; t' = t + (t_other - t_one) / 2; the other one the opposite way
 *
 * where a recording without events stays where it is, and so does the other one.
 *
 * Source: the augmentation "blend" of Nowotny, Turner and Knight, Loss shaping enhances exact gradient learning with
 * Eventprop in spiking neural networks (2025).
 *
 * @param coins 128 of which are the words of an index: one per event, of the one and then of the other
 */
export function blendedRecording(
  one: EventRecording,
  other: EventRecording,
  shape: readonly number[],
  coins: RandomStreams,
): EventRecording {
  const plane = planeOf(shape)
  const [here, there] = [centreOf(one, plane), centreOf(other, plane)]
  const half = (from: number, to: number) => (Number.isNaN(from) || Number.isNaN(to) ? 0 : (to - from) / 2)
  const [x, y, time] = [half(here.x, there.x), half(here.y, there.y), half(here.time, there.time)]
  const most = one.times.length + other.times.length
  const found = { times: new Float64Array(most), units: new Uint32Array(most) }
  const toss = coinTosses(coins)
  let count = 0
  const add = ({ times, units }: EventRecording, sign: 1 | -1) => {
    const move = affineMove(shape, { right: Math.trunc(sign * x), down: Math.trunc(sign * y), angle: 0, factor: 1 })
    for (let k = 0; k < times.length; k++) {
      const moved = (times[k] as number) + sign * time
      const unit = move(units[k] as number)
      if (!toss() || unit < 0 || moved < 0) continue
      found.times[count] = moved
      found.units[count++] = unit
    }
  }
  add(one, 1)
  add(other, -1)
  return { times: found.times.subarray(0, count), units: found.units.subarray(0, count) }
}

/** NaN without events. */
function centreOf({ times, units }: EventRecording, { width, height }: Plane): Centre {
  let [x, y, time] = [0, 0, 0]
  for (let k = 0; k < times.length; k++) {
    const unit = units[k] as number
    const column = unit % width
    x += column
    y += ((unit - column) / width) % height
    time += times[k] as number
  }
  return { x: x / times.length, y: y / times.length, time: time / times.length }
}

/** True or false by even chances, one bit after the other. */
function coinTosses(coins: RandomStreams): () => boolean {
  let [tossed, bits] = [0, 0]
  return () => {
    if (tossed % 32 === 0) bits = coins.words(0, tossed >>> 7)[(tossed >>> 5) & 3] as number
    const isHead = ((bits >>> (tossed & 31)) & 1) === 1
    tossed++
    return isHead
  }
}
