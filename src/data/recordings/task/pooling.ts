import type { EventRecording } from '../event-recordings.js'
import { sortedRecording } from '../sorted-recording.js'
import { planeOf } from './plane-of.js'

/** Inputs that each stand for several units. */
export interface Pooling {
  readonly inputs: number
  /** The shape of the inputs. */
  readonly shape: readonly number[]
  /** The input of each unit. */
  readonly inputOf: Uint32Array | null
}

/** `[channels]` by `pool`, `[polarities, height, width]` by `pool` along height and width; a remainder has an input. */
export function createPooling(shape: readonly number[], pool: number): Pooling {
  const pooled = (extent: number) => Math.ceil(extent / pool)
  const { polarities, height, width } = planeOf(shape)
  const [rows, columns] = shape.length === 3 ? [pooled(height), pooled(width)] : [1, pooled(width)]
  const inputs = polarities * rows * columns
  const found = shape.length === 3 ? [polarities, rows, columns] : [columns]
  if (pool === 1) return { inputs, shape: found, inputOf: null }
  const inputOf = new Uint32Array(polarities * height * width)
  for (let unit = 0; unit < inputOf.length; unit++) {
    const row = Math.floor(unit / width)
    const [x, y, polarity] = [unit % width, row % height, Math.floor(row / height)]
    const pooledRow = polarity * rows + (shape.length === 3 ? Math.floor(y / pool) : 0)
    inputOf[unit] = pooledRow * columns + Math.floor(x / pool)
  }
  return { inputs, shape: found, inputOf }
}

/** The events of a recording, which may be in any order, at the inputs, in order. */
export function pooledRecording({ times, units }: EventRecording, { inputOf }: Pooling): EventRecording {
  if (inputOf === null) return sortedRecording({ times, units })
  const inputs = new Uint32Array(units.length)
  for (let k = 0; k < inputs.length; k++) inputs[k] = inputOf[units[k] as number] as number
  return sortedRecording({ times, units: inputs })
}

/**
 * What is left where each input spikes no sooner than `deadTime` after its last spike, and before `until`.
 *
 * @param last room for a time per input
 */
export function spikesWithin(
  { times, units }: EventRecording,
  { deadTime, until }: { readonly deadTime: number; readonly until: number },
  last: Float64Array,
): EventRecording {
  last.fill(Number.NEGATIVE_INFINITY)
  const kept = { times: new Float64Array(times.length), units: new Uint32Array(times.length) }
  let count = 0
  for (let k = 0; k < times.length; k++) {
    const [time, unit] = [times[k] as number, units[k] as number]
    if (time >= until) break
    if (time - (last[unit] as number) < deadTime) continue
    last[unit] = time
    kept.times[count] = time
    kept.units[count++] = unit
  }
  return { times: kept.times.subarray(0, count), units: kept.units.subarray(0, count) }
}
