import { inhibitoryCrossShare } from '../equations/propagator'
import { countsOf } from '../lanes/lane-states'
import { shortestTau } from '../lanes/lane-taus'
import { fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { exp } from '../numerics/exp'
import {
  ALPHA,
  BETA,
  BETA_INH,
  BY_MEM_INH,
  BY_SYN_INH,
  CUT,
  END,
  FIRST_CUT,
  REACH,
  SCALED_END,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_INHIBITION,
  SPIKE_INTERVAL_P_I,
  SPIKE_INTERVAL_P_J,
  SPIKE_INTERVAL_P_U,
  SPIKE_INTERVAL_Q_J,
  SPIKE_INTERVAL_Z_J,
} from '../schema/delayed-records'
import {
  adjoints,
  hasInhibition,
  inhibitedSpikeIntervals,
  keptSpikeIntervals,
  rateGap,
  refractories,
  scale,
  spikeIntervals,
  tauMem,
  tauSyn,
  tauSynInh,
  trials,
  wantsTaus,
} from '../schema/header'
import { NOW, OPENED, P_I, P_J, P_U, Q_J, SPIKE_INTERVAL_ORIGIN, Z_J } from '../schema/lanes'
import { RANGE, RANGE_END, RANGE_START } from '../schema/records'
import { clearTaus, inhM0, inhS0, noteTaus, scaleTaus } from './spike-interval-taus'
import { spanOfFactors } from './spikes'
import { countAtEnd, countSpikeInterval } from './traffic'

/**
 * Between two of its own events nothing acts on the adjoint of a neuron: one such inter-spike interval per own event, the
 * first one first, eight lanes each:
 *
 *     arrivals before this time belong to it | time of the event | pU and pI right before it
 *
 * Relative to an origin O, an arrival at t in an inter-spike interval that ends at E has
 *
 *     pU = ALPHA e^{(t - O)/tauMem}      ALPHA = pU(E) e^{(O - E)/tauMem}
 *     pI = BETA e^{(t - O)/tauSyn} + (E - t) pU / tauMem where both are equal, else - c pU
 *     BETA = (pI(E) + c pU(E)) e^{(O - E)/tauSyn}      c = tauSyn / (tauSyn - tauMem)
 *
 * Lanes with fewer events than others have empty inter-spike intervals behind their last one. All inter-spike intervals of
 * a trial stay until it is undone: an arrival is looked at once the window of the earliest arrival of its spike is undone,
 * maybe windows later than its own. Inter-spike intervals that are yet to be opened hold no arrival.
 */
/** Later than anything, and finite. */
const NEVER: f64 = 1e300
/** The scaled form covers this multiple of the shortest time constant: nothing leaves the range of doubles. */
const RANGE_OF_SCALE: f64 = 600

/** The first row of the lane group in the trial at work, and behind the last one. */
export let firstSpikeInterval: usize = 0
export let spikeIntervalsEnd: usize = 0
/** The inter-spike intervals are scaled to an origin, for spikes from there on up to another time. */
let scaledFrom: f64 = Infinity
let scaledTo: f64 = Infinity

/** c of the scaled form; 0 where the time constants are equal. */
export function crossShare(): f64 {
  return rateGap() > 0 ? scale() : -scale()
}

/**
 * Nothing acts on any lane after the end of a trial: its inter-spike intervals, as many as some lane has own events, are
 * yet to be opened.
 */
export function beginAtEnd(laneGroup: i32, trial: i32): void {
  for (let row = P_U; row <= NOW; row += 64) fillLanes(row, 0)
  if (hasInhibition()) fillLanes(P_J, 0)
  const counts = countsOf(laneGroup, trial)
  let most: u32 = 1
  for (let n: usize = 0; n < 8; n++) {
    const spikes = load<u32>(counts + 4 * n)
    // With the end of a refractory period each.
    const count = max(refractories() == 0 ? spikes : 2 * spikes, 1)
    store<u32>(lanes + OPENED + 4 * n, count)
    most = max(most, count)
  }
  placeSpikeIntervals(laneGroup, trial)
  spikeIntervalsEnd = firstSpikeInterval + SPIKE_INTERVAL * <usize>most
  for (let row: u32 = 0; row < most; row++) layRow(firstSpikeInterval + SPIKE_INTERVAL * <usize>row, row)
  scaledFrom = scaledTo = Infinity
  countAtEnd(most)
}

/** Resumes the inter-spike intervals of a trial where the following window has left them. */
export function resumeSpikeIntervals(laneGroup: i32, trial: i32): void {
  placeSpikeIntervals(laneGroup, trial)
  scaledFrom = load<f64>(lanes, SPIKE_INTERVAL_ORIGIN)
  scaledTo = scaledFrom == Infinity ? Infinity : scaledFrom + spanOfFactors()
}

/** Leaves them to the window before. */
export function keepSpikeIntervals(): void {
  store<f64>(lanes, scaledFrom, SPIKE_INTERVAL_ORIGIN)
}

function placeSpikeIntervals(laneGroup: i32, trial: i32): void {
  if (adjoints() == 0) {
    firstSpikeInterval = spikeIntervals()
    return
  }
  const range = keptSpikeIntervals() + RANGE * (<usize>laneGroup * <usize>trials() + <usize>trial)
  firstSpikeInterval = <usize>load<u32>(range, RANGE_START)
  spikeIntervalsEnd = <usize>load<u32>(range, RANGE_END)
}

/** pJ of a lane that is kept; 0 where there is one current. */
export function inhibitoryOf(n: i32): f64 {
  return hasInhibition() ? lane(P_J, n) : 0
}

function layRow(at: usize, row: u32): void {
  memory.fill(at, 0, SPIKE_INTERVAL)
  if (wantsTaus()) clearTaus(at)
  if (hasInhibition()) clearInhibition(at)
  for (let n: usize = 0; n < 8; n++) {
    store<f64>(at + 8 * n, row < load<u32>(lanes + OPENED + 4 * n) ? -Infinity : NEVER, CUT)
    store<f64>(at + 8 * n, NEVER, SCALED_END)
  }
  noteFirstCut(at)
}

/** Opens the inter-spike interval before an own event of a lane; the last one comes first. */
export function openSpikeInterval(n: i32, cut: f64, time: f64, pU: f64, pI: f64, pJ: f64): void {
  const counter = lanes + OPENED + 4 * <usize>n
  const place = load<u32>(counter) - 1
  store<u32>(counter, place)
  const row = firstSpikeInterval + SPIKE_INTERVAL * <usize>place
  const own = row + 8 * <usize>n
  store<f64>(own, cut, CUT)
  store<f64>(own, time, END)
  store<f64>(own, pU, SPIKE_INTERVAL_P_U)
  store<f64>(own, pI, SPIKE_INTERVAL_P_I)
  if (wantsTaus()) noteTaus(own, n)
  if (hasInhibition()) noteInhibition(own, n, pJ)
  if (scaledFrom != Infinity) scaleSpikeInterval(own)
  noteFirstCut(row)
  for (let later = row; later < spikeIntervalsEnd && load<f64>(later, REACH) < cut; later += SPIKE_INTERVAL)
    store<f64>(later, cut, REACH)
  setLane(P_U, n, pU)
  setLane(P_I, n, pI)
  if (hasInhibition()) setLane(P_J, n, pJ)
  setLane(NOW, n, time)
  countSpikeInterval()
}

function noteFirstCut(row: usize): void {
  let first = f64x2.pmin(v128.load(row, CUT), v128.load(row, CUT + 16))
  first = f64x2.pmin(first, f64x2.pmin(v128.load(row, CUT + 32), v128.load(row, CUT + 48)))
  store<f64>(row, min(f64x2.extract_lane(first, 0), f64x2.extract_lane(first, 1)), FIRST_CUT)
}

/** The latest time up to which something acts on a lane. */
export function reachOfSpikeIntervals(): f64 {
  return load<f64>(spikeIntervalsEnd - SPIKE_INTERVAL, REACH)
}

/** The inter-spike interval that an arrival at one lane belongs to, or the end of all. */
export function spikeIntervalOf(n: i32, time: f64): usize {
  let spikeInterval = firstSpikeInterval + 8 * <usize>n
  while (spikeInterval < spikeIntervalsEnd && !(time < load<f64>(spikeInterval, CUT))) spikeInterval += SPIKE_INTERVAL
  return spikeInterval
}

/** Scales the inter-spike intervals to the origin of some spikes. */
export function scaleSpikeIntervals(origin: f64): void {
  scaledFrom = origin
  scaledTo = origin + spanOfFactors()
  for (let at = firstSpikeInterval; at < spikeIntervalsEnd; at += SPIKE_INTERVAL)
    for (let own = at; own < at + 64; own += 8) scaleSpikeInterval(own)
}

/** Whether the inter-spike intervals are scaled to the origin of a spike at a time. */
export function isScaledFor(time: f64): bool {
  return time >= scaledFrom && time < scaledTo
}

/** Makes ALPHA and BETA relative to the origin; inter-spike intervals that end before it have no arrivals after it. */
function scaleSpikeInterval(own: usize): void {
  const cut = load<f64>(own, CUT)
  const elapsed = load<f64>(own, END) - scaledFrom
  if (cut == NEVER || cut == -Infinity || elapsed < 0) return
  const c = crossShare()
  const pU = load<f64>(own, SPIKE_INTERVAL_P_U)
  const isInRange = elapsed < RANGE_OF_SCALE * shortestTau()
  store<f64>(own, isInRange ? load<f64>(own, END) : -Infinity, SCALED_END)
  store<f64>(own, pU * exp(-elapsed / tauMem()), ALPHA)
  const toSyn = exp(-elapsed / tauSyn())
  store<f64>(own, (load<f64>(own, SPIKE_INTERVAL_P_I) + c * pU) * toSyn, BETA)
  if (wantsTaus()) scaleTaus(own, pU, toSyn)
  if (hasInhibition()) scaleInhibition(own, elapsed, pU)
}

/**
 * What an inter-spike interval knows of the inhibitory current, where there are two: as it has it, with
 * `spike-interval-taus.ts`, of the excitatory one; tauSynInh in place of tauSyn, eight lanes each, as far from
 * `inhibitedSpikeIntervals` as the inter-spike interval is from `spikeIntervals`:
 *
 *     pJ right before the event | BETA | qJ and zJ right before the event | BY_MEM | BY_SYN
 */

/** Of a place in an inter-spike interval, the place that belongs to it. */
export function inhibitionOf(own: usize): usize {
  return inhibitedSpikeIntervals() + (own - spikeIntervals())
}

function clearInhibition(spikeInterval: usize): void {
  memory.fill(inhibitionOf(spikeInterval), 0, SPIKE_INTERVAL_INHIBITION)
}

/** An inter-spike interval of a lane is opened. */
function noteInhibition(own: usize, n: i32, pJ: f64): void {
  const at = inhibitionOf(own)
  store<f64>(at, pJ, SPIKE_INTERVAL_P_J)
  if (!wantsTaus()) return
  store<f64>(at, lane(Q_J, n), SPIKE_INTERVAL_Q_J)
  store<f64>(at, lane(Z_J, n), SPIKE_INTERVAL_Z_J)
}

/** Makes BETA, BY_MEM and BY_SYN relative to an origin that is `elapsed` ms before the event. */
function scaleInhibition(own: usize, elapsed: f64, pU: f64): void {
  const at = inhibitionOf(own)
  const toSyn = exp(-elapsed / tauSynInh())
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_P_J) + inhibitoryCrossShare() * pU) * toSyn, BETA_INH)
  if (!wantsTaus()) return
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_Q_J) - inhM0 * pU) * toSyn, BY_MEM_INH)
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_Z_J) - inhS0 * pU) * toSyn, BY_SYN_INH)
}
