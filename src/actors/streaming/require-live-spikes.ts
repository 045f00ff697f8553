import { RunError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { describeValue } from '../../network/reading/describe-value.js'

/** Some spikes of a source group, and how far they are complete. */
export interface LiveSpikes {
  /** In ms, not decreasing; none before an earlier watermark. */
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
  /** No spike before it will follow. Infinity: none at all. */
  readonly watermark: number
}

/** Who sends, and what it has promised so far. */
export interface LiveSender {
  readonly group: string
  readonly size: number
  /** No spike before it was to follow. */
  readonly watermark: number
}

/**
 * What a live source has sent, in event order.
 *
 * Raises `RunError` LIVE_SOURCE_BROKEN, with source, watermark and time, for what holds no spikes, a watermark that is no
 * number or goes back, arrays of different lengths, a time that is not finite, decreases or lies before the watermark, and
 * a unit that the group does not have.
 */
export function requireLiveSpikes(chunk: LiveSpikes, { group, size, watermark }: LiveSender): SpikeTrains {
  const broken = (what: string, time?: number) =>
    new RunError({
      code: 'LIVE_SOURCE_BROKEN',
      message: `The live source "${group}" broke its promise at watermark ${watermark} ms: ${what}.`,
      details: { source: group, watermark, ...(time === undefined ? {} : { time }) },
      remedy: 'Send spikes in the order of their times, none before an earlier watermark.',
    })
  if (typeof chunk !== 'object' || chunk === null) throw broken(`it sent ${describeValue(chunk)}`)
  const { times, units, watermark: next } = chunk
  if (typeof next !== 'number' || !(next >= watermark)) throw broken(`the next watermark is ${describeValue(next)}`)
  if (!isList(times) || !isList(units))
    throw broken(`it sent for times ${describeValue(times)}, for units ${describeValue(units)}, no arrays of numbers`)
  if (times.length !== units.length) throw broken(`${times.length} times came with ${units.length} units`)
  let before = watermark
  let unitBefore = 0
  let isInOrder = true
  for (let k = 0; k < times.length; k++) {
    const time = times[k] as number
    const unit = units[k] as number
    if (!(time < Infinity && time >= watermark)) throw broken(`a spike at ${time} ms came after it`, time)
    if (time < before) throw broken(`a spike at ${time} ms came after one at ${before} ms`, time)
    if (!(Number.isInteger(unit) && unit >= 0 && unit < size))
      throw broken(`a spike at ${time} ms is of unit ${unit}, of ${size}`, time)
    isInOrder &&= time > before || unit >= unitBefore
    before = time
    unitBefore = unit
  }
  // Copied: the arrays are the sender's.
  const trains = {
    offsets: Uint32Array.of(0, times.length),
    times: new Float64Array(times),
    units: new Uint32Array(units),
  }
  // Units at one instant may come in any order.
  return isInOrder ? trains : joinTrains([noSpikes(1), trains]).trains
}

function isList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'length' in value && typeof value.length === 'number'
}
