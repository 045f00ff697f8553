import { events, firstUnit, laneGroups, spikeOffsets, spikeTimes, spikeUnits, trials } from '../schema/header'
import { EVENT, EVENT_FIRST, EVENT_SECOND, RECORD, SPIKE_TIME } from '../schema/records'
import { signOfLife } from '../sign-of-life'
import { sortEvents } from './sort-events'
import { isRelease, laneOf, recordsEnd, recordsOf, setPlace, spikesIn } from './tape'

/** Notes where the spikes of each trial begin among all. */
export function countSpikes(): void {
  let place: u32 = 0
  for (let trial = 0; trial < trials(); trial++) {
    store<u32>(spikeOffsets() + 4 * <usize>trial, place)
    for (let laneGroup = 0; laneGroup < laneGroups(); laneGroup++) place += spikesIn(laneGroup, trial)
  }
  store<u32>(spikeOffsets() + 4 * <usize>trials(), place)
}

/**
 * Writes the spikes of all lane groups in a trial in event order, by (time, unit, spike number), and notes each one's place on
 * the tape. `countSpikes` comes first.
 */
export function emit(trial: i32): void {
  let place = load<u32>(spikeOffsets() + 4 * <usize>trial)
  const end = collect(trial)
  const sorted = sortEvents(events(), end)
  const stop = sorted + (end - events())
  const times = spikeTimes()
  const units = spikeUnits()
  for (let spike = sorted; spike < stop; spike += EVENT, place++) {
    inline.always(signOfLife(spike))
    store<f64>(times + 8 * <usize>place, load<f64>(spike))
    store<u32>(units + 4 * <usize>place, load<u32>(spike, EVENT_FIRST))
    setPlace(<usize>load<u32>(spike, EVENT_SECOND), place)
  }
}

/** The spikes of a trial as events (time, unit, tape record): later records of a neuron have larger addresses. */
function collect(trial: i32): usize {
  let spike = events()
  const groups = laneGroups()
  for (let laneGroup = 0; laneGroup < groups; laneGroup++) {
    const end = recordsEnd(laneGroup, trial)
    const unit = firstUnit() + 8 * laneGroup
    for (let record = recordsOf(laneGroup, trial); record < end; record += RECORD) {
      if (isRelease(record)) continue
      inline.always(signOfLife(spike))
      store<f64>(spike, load<f64>(record, SPIKE_TIME))
      store<u32>(spike, unit + laneOf(record), EVENT_FIRST)
      store<u32>(spike, <u32>record, EVENT_SECOND)
      spike += EVENT
    }
  }
  return spike
}
