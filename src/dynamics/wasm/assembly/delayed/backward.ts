import { storeEvents, sumOf } from '../answers'
import { injectedInto } from '../injections'
import { endOfInstants, firstInstant } from '../instants'
import { fillLanes, lane, setLane } from '../lanes'
import {
  beginOwnEvents,
  closeFirstStretches,
  hinge,
  inject,
  octet,
  octetWeights,
  pI,
  pU,
  takeUp,
  undoRelease,
  undoSpike,
} from '../own-events'
import { INSIDE, ON_ARRIVAL, peakOf } from '../peaks'
import { EMITTED, SPIKE, SPIKE_ROW, SPIKE_SLOT } from '../schema/delayed-records'
import { NOW, P_I, P_U } from '../schema/lanes'
import { eventSums, fires, peakGradients, perTauMem, size } from '../schema/plan'
import {
  DELAYED_PEAK_SINCE,
  PEAK_ARRIVAL,
  PEAK_INSTANT,
  PEAK_KIND,
  PEAK_SLOPE,
  PEAK_TIME,
  RECORD,
  SPIKE_TIME,
} from '../schema/records'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../tape'
import { beginAdjoint, delayGradient, octetDelays, undoArrivals } from './adjoint'
import { beginStretches, closeStretches, isAnyOpen, openStretch } from './stretches'

/**
 * Undoes a trial of an octet whose neurons each have an order of arrivals of their own.
 *
 * Arrivals don't act on the adjoint of a neuron, so its own events come first, the last one first; each opens a stretch,
 * reaching back to the one before. Then every arrival takes the adjoint of its stretch at its own time, in any order.
 */
export function undoDelayedTrial(trial: i32): void {
  if (fires() && peakGradients() != 0) hinge(trial)
  beginOwnEvents()
  for (let row = P_U; row <= NOW; row += 64) fillLanes(row, 0)
  beginStretches(octet, trial)
  const oldest = recordsOf(octet, trial)
  for (let record = recordsEnd(octet, trial); record > oldest; ) {
    record -= RECORD
    const n = laneOf(record)
    const time = load<f64>(record, SPIKE_TIME)
    takeUp(lane(P_U, n), lane(P_I, n), lane(NOW, n))
    if (isRelease(record)) undoRelease(n, record)
    else if (!undoSpike(trial, n, record)) return
    setLane(P_U, n, pU)
    setLane(P_I, n, pI)
    setLane(NOW, n, time)
    openStretch(n, time, time, pU, pI)
  }
  const turned = peakGradients() == 0 ? 0 : openPeaks(trial)
  if (!isAnyOpen) return
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  closeStretches()
  beginAdjoint()
  for (let spike = first; spike < end && undoArrivals(spike); spike += SPIKE) {
    if (eventSums() != 0) storeEvents(octet, load<u32>(spike, SPIKE_SLOT))
  }
  for (let some = turned; some != 0; some &= some - 1) undoAtPeak(trial, ctz(some), first, end)
  closeFirstStretches()
}

/** Lets the loss act on the maxima of lanes; returns those, as bits, whose maximum sits on an arrival. */
function openPeaks(trial: i32): i32 {
  let turned = 0
  for (let n = 0; n < 8 && 8 * octet + n < size(); n++) {
    const peak = peakOf(octet, trial, n)
    const kind = load<i32>(peak, PEAK_KIND)
    const q = injectedInto(octet, trial, n)
    if (q == 0 || (kind != INSIDE && kind != ON_ARRIVAL)) continue
    const time = load<f64>(peak, PEAK_TIME)
    inject(trial, n, time)
    // Arrivals at the time of a peak that sits on one are left to `undoAtPeak`.
    openStretch(n, kind == INSIDE ? nextUp(load<f64>(peak, DELAYED_PEAK_SINCE)) : time, time, q, 0)
    if (kind == ON_ARRIVAL) turned |= 1 << n
  }
  return turned
}

/**
 * The arrivals of a lane at the very time of its peak, which sits on one of them: that one moves the peak by its slope;
 * those before it act on the voltage at once, those after it don't.
 */
function undoAtPeak(trial: i32, n: i32, first: usize, end: usize): void {
  const peak = peakOf(octet, trial, n)
  const time = load<f64>(peak, PEAK_TIME)
  const q = injectedInto(octet, trial, n)
  const row = load<u32>(peak, PEAK_ARRIVAL)
  const slot = load<u32>(peak, PEAK_INSTANT)
  for (let spike = first; spike < end; spike += SPIKE) {
    const place = <usize>load<u32>(spike, SPIKE_ROW) + 8 * <usize>n
    if (load<f64>(spike, EMITTED) + load<f64>(octetDelays + place) != time) continue
    const ownRow = load<u32>(spike, SPIKE_ROW)
    const ownSlot = load<u32>(spike, SPIKE_SLOT)
    if (ownRow > row || (ownRow == row && ownSlot > slot)) continue
    const turns = ownRow == row && ownSlot == slot
    const event = turns ? q * load<f64>(peak, PEAK_SLOPE) : -load<f64>(octetWeights + place) * (q * perTauMem())
    store<f64>(delayGradient + place, load<f64>(delayGradient + place) + event)
    if (eventSums() == 0) continue
    const sum = sumOf(octet, ownSlot) + 8 * <usize>(n & 1)
    store<f64>(sum, load<f64>(sum) + event)
  }
}

/** The next larger double of one that is not negative. */
function nextUp(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) + 1)
}
