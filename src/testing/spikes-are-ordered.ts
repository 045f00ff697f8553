import type { SpikeTrains } from '../events/spike-trains.js'
import { readRecording } from '../learning/read-arguments.js'
import type { Recording } from '../learning/session.js'
import { readAnyNumber } from '../network/reading/read-number.js'
import { brokenLaw } from './broken-law.js'

/**
 * Law: the spikes of each group lie inside their trial, ordered by (time, unit).
 *
 *     0 <= t < until       (t_k, unit_k) <= (t_{k+1}, unit_{k+1})
 *
 * Raises `RunError` LAW_BROKEN with group and index of the first spike out of place.
 */
export function spikesAreOrdered(recording: Recording, until = Number.POSITIVE_INFINITY): void {
  readAnyNumber(until, 'until')
  for (const [group, trains] of Object.entries(readRecording(recording).spikes)) {
    if (trains.offsets[0] !== 0 || trains.offsets.at(-1) !== trains.times.length)
      throw brokenLaw('spikesAreOrdered', `the offsets of ${group} do not span its spikes`, { group })
    for (let trial = 0; trial + 1 < trains.offsets.length; trial++) checkTrial(group, trains, trial, until)
  }
}

function checkTrial(group: string, { offsets, times, units }: SpikeTrains, trial: number, until: number): void {
  const from = offsets[trial] as number
  const to = offsets[trial + 1] as number
  for (let k = from; k < to; k++) {
    const [time, unit] = [times[k] as number, units[k] as number]
    const inside = time >= 0 && time < until
    const [before, unitBefore] = k === from ? [-1, 0] : [times[k - 1] as number, units[k - 1] as number]
    if (inside && (before < time || (before === time && unitBefore <= unit))) continue
    const found = inside
      ? `spike ${k} of ${group} precedes the one before it`
      : `spike ${k} of ${group} is at ${time} ms`
    throw brokenLaw('spikesAreOrdered', found, { group, trial, index: k })
  }
}
