import { arrivalsFrom } from '../events/instants'
import { eventSums, wantsTaus } from '../schema/header'
import { GRADIENTS, INSTANT, SPIKES, WEIGHTS } from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'

/**
 * The propagators back from one instant to another, so many bytes each, and the rows of the arrivals undone on the way, whose
 * number is returned.
 */
export function countQuietly(from: usize, to: usize, withArrivals: bool, perInterval: usize): usize {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const dues = withArrivals ? intervals + 1 : intervals
  countBoth(GRADIENTS, 64 * rows)
  countRead(SPIKES, perInterval * intervals + 8 * dues + 4 * rows)
  // The same row for the time constants, beside what comes back to the spike.
  if (wantsTaus()) countRead(WEIGHTS, 64 * rows)
  if (eventSums() == 0) return rows
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * dues + 8 * rows)
  countWritten(SPIKES, 16 * rows)
  return rows
}
