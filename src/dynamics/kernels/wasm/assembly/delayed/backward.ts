import { injectedInto } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import {
  beginOwnEvents,
  closeFirstSpikeIntervals,
  hinge,
  inject,
  laneGroup,
  pI,
  pJ,
  pU,
  takeUp,
  takeUpInhibition,
  undoRelease,
  undoSpike,
} from '../events/own-events'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../events/tape'
import { lane } from '../lanes/lanes'
import { nextUp } from '../numerics/next-up'
import { peakOf } from '../peaks/peaks'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { adjoints, fires, isFirstWindow, isLastWindow, peakGradients, size, wantsTaus } from '../schema/header'
import { NOW, P_I, P_U } from '../schema/lanes'
import { DELAYED_PEAK_SINCE, PEAK_KIND, PEAK_TIME, RECORD, SPIKE_TIME } from '../schema/records'
import { beginAdjoint, undoArrivals } from './adjoint'
import { beginTauShares } from './spike-interval-taus'
import {
  beginAtEnd,
  crossShare,
  inhibitoryOf,
  keepSpikeIntervals,
  openSpikeInterval,
  reachOfSpikeIntervals,
  resumeSpikeIntervals,
} from './spike-intervals'
import { sumArrivalTaus } from './taus'
import { takeRowsOf } from './unit-rows'

/**
 * Undoes a window of a trial of a lane group whose neurons each have an order of arrivals of their own.
 *
 * Arrivals don't act on the adjoint of a neuron, so its own events come first, the last one first; each opens an
 * inter-spike interval, reaching back to the one before. Then every arrival takes the adjoint of its inter-spike interval
 * at its own time. All arrivals of a spike are undone at once, with the window in which the first of them may come: the
 * later ones find the inter-spike intervals of later windows still there. The arrivals of a row at a lane add up in one
 * order, the last one first, however the run is cut.
 */
export function undoDelayedTrial<M>(trial: i32): void {
  takeRowsOf(laneGroup)
  if (wantsTaus()) beginTauShares<M>(crossShare())
  const isLast = adjoints() == 0 || isLastWindow()
  if (isLast) {
    if (fires() && peakGradients() != 0) hinge(trial)
    beginOwnEvents()
    beginAtEnd(laneGroup, trial)
  } else resumeSpikeIntervals(laneGroup, trial)
  if (isLast && peakGradients() != 0) openPeaks(trial)
  const oldest = recordsOf(laneGroup, trial)
  for (let record = recordsEnd(laneGroup, trial); record > oldest; ) {
    record -= RECORD
    const n = laneOf(record)
    const time = load<f64>(record, SPIKE_TIME)
    takeUp(lane(P_U, n), lane(P_I, n), lane(NOW, n))
    takeUpInhibition(inhibitoryOf(n))
    if (isRelease(record)) undoRelease(n, record)
    else if (!undoSpike(trial, n, record)) return
    openSpikeInterval(n, time, time, pU, pI, pJ)
  }
  if (reachOfSpikeIntervals() > 0) undoSpikes<M>(trial)
  if (adjoints() != 0) keepSpikeIntervals()
  if (adjoints() == 0 || isFirstWindow()) closeFirstSpikeIntervals()
}

/** Undoes what the spikes cause whose first arrival is in the window. */
function undoSpikes<M>(trial: i32): void {
  beginAdjoint<M>(trial)
  undoArrivals<M>(firstInstant(trial), endOfInstants(trial))
  if (adjoints() != 0 && wantsTaus() && isFirstWindow()) sumArrivalTaus<M>()
}

/** Lets the loss act on the maxima of lanes. */
function openPeaks(trial: i32): void {
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const peak = peakOf(laneGroup, trial, n)
    const kind = load<i32>(peak, PEAK_KIND)
    const q = injectedInto(laneGroup, trial, n)
    if (q == 0 || (kind != PEAK_INSIDE && kind != PEAK_ON_ARRIVAL)) continue
    const time = load<f64>(peak, PEAK_TIME)
    inject(trial, n, time)
    // Arrivals at the time of a peak that sits on one are left to `eventAtPeak`.
    openSpikeInterval(n, kind == PEAK_INSIDE ? nextUp(load<f64>(peak, DELAYED_PEAK_SINCE)) : time, time, q, 0, 0)
  }
}
