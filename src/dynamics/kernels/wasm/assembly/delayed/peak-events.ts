import { injectedInto } from '../events/injections'
import { laneGroup, laneWeights } from '../events/own-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, setLane } from '../lanes/lanes'
import { peakOf } from '../peaks/peak-notes'
import { PEAK_ON_ARRIVAL } from '../schema/constants'
import { peakGradients, perTauMem, size } from '../schema/header'
import { EVENTS } from '../schema/lanes'
import { PEAK_ARRIVAL, PEAK_INSTANT, PEAK_KIND, PEAK_SLOPE, PEAK_TIME } from '../schema/records'
import { isUndone } from './arrivals'
import { delayGradient } from './lane-rows'
import { rowAt } from './unit-rows'

/** The lanes, as bits, whose maximum the loss looks at and which sits on an arrival that may be undone. */
export function lanesOnArrival(trial: i32): i32 {
  if (peakGradients() == 0) return 0
  let bits = 0
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const peak = peakOf(laneGroup, trial, n)
    if (load<i32>(peak, PEAK_KIND) != PEAK_ON_ARRIVAL || !isUndone(load<f64>(peak, PEAK_TIME))) continue
    if (injectedInto(laneGroup, trial, n) != 0) bits |= 1 << n
  }
  return bits
}

/** Of a lane whose maximum sits on an arrival: what one at the same time adds. */
export function undoAtPeak(trial: i32, time: f64, row: usize, unit: u32, number: u32, n: i32): void {
  const event = eventAtPeak(trial, n, time, unit, number)
  const place = delayGradient + row + 8 * <usize>n
  store<f64>(place, load<f64>(place) + event)
  setLane(EVENTS, n, lane(EVENTS, n) + event)
}

/**
 * The gradient event of an arrival at a lane whose maximum sits on one: at the very time of the peak that one moves it by
 * its slope; those before it act on the voltage at once, those after it don't. At other times 0.
 *
 * @param number of the spike at one of the rows of its unit
 */
function eventAtPeak(trial: i32, n: i32, time: f64, unit: u32, number: u32): f64 {
  const peak = peakOf(laneGroup, trial, n)
  if (load<f64>(peak, PEAK_TIME) != time) return 0
  takeUpTaus(laneGroup, n)
  const q = injectedInto(laneGroup, trial, n)
  const peakUnit = load<u32>(peak, PEAK_ARRIVAL)
  const peakNumber = load<u32>(peak, PEAK_INSTANT)
  if (unit == peakUnit && number == peakNumber) return q * load<f64>(peak, PEAK_SLOPE)
  if (unit > peakUnit || (unit == peakUnit && number > peakNumber)) return 0
  return -load<f64>(laneWeights + rowAt(unit, number) + 8 * <usize>n) * (q * perTauMem())
}
