import type { SpikeTrains } from './spike-trains.js'

/** Trials from `start` to `end` - 1 of a mini-batch. */
export interface TrialRange {
  readonly start: number
  readonly end: number
}

/** More micro-batches than this are never made of a mini-batch. */
export const MOST_MICRO_BATCHES = 8

/** The micro-batches of a mini-batch, of `size` trials each, but the last one maybe of fewer; default: one, of all trials. */
export function microBatches(trials: number, size: number = trials): readonly TrialRange[] {
  if (size >= trials) return [{ start: 0, end: trials }]
  const count = Math.ceil(trials / size)
  return Array.from({ length: count }, (_, k) => ({ start: k * size, end: Math.min(trials, (k + 1) * size) }))
}

/** The spikes of some trials, as a mini-batch of their own. Times and units are views. */
export function trialsOf({ offsets, times, units }: SpikeTrains, { start, end }: TrialRange): SpikeTrains {
  const [from, to] = [offsets[start] as number, offsets[end] as number]
  return {
    offsets: offsets.slice(start, end + 1).map((offset) => offset - from),
    times: times.subarray(from, to),
    units: units.subarray(from, to),
  }
}

/** The spikes of some trials: the others are there, too, but empty. Times and units are views. */
export function spikesOfTrials({ offsets, times, units }: SpikeTrains, { start, end }: TrialRange): SpikeTrains {
  const [from, to] = [offsets[start] as number, offsets[end] as number]
  return {
    offsets: offsets.map((offset) => Math.min(Math.max(offset, from), to) - from),
    times: times.subarray(from, to),
    units: units.subarray(from, to),
  }
}
