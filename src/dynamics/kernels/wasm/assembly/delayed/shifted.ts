import { laneGroup } from '../events/own-events'
import { addEvent } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane } from '../lanes/lanes'
import { eventSums, horizon, reached, size, wantsTaus } from '../schema/header'
import { EVENTS } from '../schema/lanes'
import { EVENT } from '../schema/records'
import { undoAlone } from './alone'
import { ARRIVAL_NUMBER, ARRIVAL_UNIT, ARRIVES, listArrivals, listed, rowOfArrival } from './arrivals'
import { noteUndone } from './own-traffic'
import { undoAtPeak } from './peaks'
import { addTausAlone } from './taus'

/**
 * Undoes what some spikes cause in the window where chance has shifted arrivals, so that those of a row need not come as
 * they were sent: lane by lane, the last one first.
 *
 * @param turned the lanes, as bits, whose maximum sits on an arrival
 */
export function undoShifted<M>(trial: i32, turned: i32, first: usize, end: usize): void {
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const stop = listArrivals(laneGroup, n, first, end, reached(), horizon())
    takeUpTaus(laneGroup, n)
    for (let arrival = stop; arrival > listed; ) {
      arrival -= EVENT
      const row = rowOfArrival(arrival)
      const number = load<u32>(arrival, ARRIVAL_NUMBER)
      const time = load<f64>(arrival, ARRIVES)
      if (wantsTaus()) addTausAlone<M>(time, row, n)
      undoAlone(time, row, n)
      if (turned & (1 << n)) undoAtPeak(trial, time, row, load<u32>(arrival, ARRIVAL_UNIT), number, n)
      noteUndone(lane(EVENTS, n))
      if (eventSums() != 0) addEvent(laneGroup, number, n, lane(EVENTS, n))
    }
  }
}
