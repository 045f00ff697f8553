import { injectedInto } from '../injections'
import { endOfInstants, firstInstant } from '../instants'
import { lane } from '../lanes'
import { nextUp } from '../numerics/next-up'
import {
  beginOwnEvents,
  closeFirstStretches,
  hinge,
  inject,
  octet,
  pI,
  pJ,
  pU,
  takeUp,
  takeUpInhibition,
  undoRelease,
  undoSpike,
} from '../own-events'
import { INSIDE, ON_ARRIVAL, peakOf } from '../peak-notes'
import { NOW, P_I, P_U } from '../schema/lanes'
import {
  adjoints,
  fires,
  hasInhibition,
  isFirstWindow,
  isLastWindow,
  peakGradients,
  size,
  wantsTaus,
} from '../schema/plan'
import { DELAYED_PEAK_SINCE, PEAK_KIND, PEAK_TIME, RECORD, SPIKE_TIME } from '../schema/records'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../tape'
import { beginAdjoint, undoArrivals } from './adjoint'
import { beginInhibitoryTauShares } from './inhibited-stretches'
import { beginTauShares } from './stretch-taus'
import {
  beginAtEnd,
  crossShare,
  inhibitoryOf,
  keepStretches,
  openStretch,
  reachOfStretches,
  resumeStretches,
} from './stretches'
import { sumArrivalTaus } from './taus'
import { sumArrivalTausOfTwo } from './two-currents-taus'
import { takeRowsOf } from './unit-rows'

/**
 * Undoes a window of a trial of an octet whose neurons each have an order of arrivals of their own.
 *
 * Arrivals don't act on the adjoint of a neuron, so its own events come first, the last one first; each opens a stretch,
 * reaching back to the one before. Then every arrival takes the adjoint of its stretch at its own time. All arrivals of a
 * spike are undone at once, with the window in which the first of them may come: the later ones find the stretches of later
 * windows still there. The arrivals of a row at a lane add up in one order, the last one first, however the run is cut.
 */
export function undoDelayedTrial(trial: i32): void {
  takeRowsOf(octet)
  if (wantsTaus()) beginShares()
  const isLast = adjoints() == 0 || isLastWindow()
  if (isLast) {
    if (fires() && peakGradients() != 0) hinge(trial)
    beginOwnEvents()
    beginAtEnd(octet, trial)
  } else resumeStretches(octet, trial)
  if (isLast && peakGradients() != 0) openPeaks(trial)
  const oldest = recordsOf(octet, trial)
  for (let record = recordsEnd(octet, trial); record > oldest; ) {
    record -= RECORD
    const n = laneOf(record)
    const time = load<f64>(record, SPIKE_TIME)
    takeUp(lane(P_U, n), lane(P_I, n), lane(NOW, n))
    takeUpInhibition(inhibitoryOf(n))
    if (isRelease(record)) undoRelease(n, record)
    else if (!undoSpike(trial, n, record)) return
    openStretch(n, time, time, pU, pI, pJ)
  }
  if (reachOfStretches() > 0) undoSpikes(trial)
  if (adjoints() != 0) keepStretches()
  if (adjoints() == 0 || isFirstWindow()) closeFirstStretches()
}

/** What stretches are scaled by: those that windows leave to each other may be met by any thread. */
function beginShares(): void {
  beginTauShares(crossShare())
  if (hasInhibition()) beginInhibitoryTauShares()
}

/** Undoes what the spikes cause whose first arrival is in the window. */
function undoSpikes(trial: i32): void {
  beginAdjoint(trial)
  undoArrivals(firstInstant(trial), endOfInstants(trial))
  if (!(adjoints() != 0 && wantsTaus() && isFirstWindow())) return
  if (hasInhibition()) sumArrivalTausOfTwo()
  else sumArrivalTaus()
}

/** Lets the loss act on the maxima of lanes. */
function openPeaks(trial: i32): void {
  for (let n = 0; n < 8 && 8 * octet + n < size(); n++) {
    const peak = peakOf(octet, trial, n)
    const kind = load<i32>(peak, PEAK_KIND)
    const q = injectedInto(octet, trial, n)
    if (q == 0 || (kind != INSIDE && kind != ON_ARRIVAL)) continue
    const time = load<f64>(peak, PEAK_TIME)
    inject(trial, n, time)
    // Arrivals at the time of a peak that sits on one are left to `eventAtPeak`.
    openStretch(n, kind == INSIDE ? nextUp(load<f64>(peak, DELAYED_PEAK_SINCE)) : time, time, q, 0, 0)
  }
}
