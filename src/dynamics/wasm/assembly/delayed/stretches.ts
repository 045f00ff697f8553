import { fillLanes, lane, lanes, setLane } from '../lanes'
import { exp } from '../numerics/exp'
import {
  ALPHA,
  BETA,
  CUT,
  END,
  FIRST_CUT,
  REACH,
  SCALED_END,
  STRETCH,
  STRETCH_P_I,
  STRETCH_P_U,
} from '../schema/delayed-records'
import { NOW, OPENED, OWN_CUT, P_I, P_J, P_U } from '../schema/lanes'
import { hasInhibition, rateGap, scale, stretches, tauMem, tauSyn, wantsTaus } from '../schema/plan'
import { RECORD } from '../schema/records'
import { shortestTau } from '../shortest-tau'
import { laneOf, recordsEnd, recordsOf } from '../tape'
import { clearInhibition, noteInhibition, scaleInhibition } from './inhibited-stretches'
import { clearTaus, noteTaus, scaleTaus } from './stretch-taus'

/**
 * Between two of its own events nothing acts on the adjoint of a neuron: one such stretch per own event, the first one
 * first, eight lanes each:
 *
 *     arrivals before this time belong to it | time of the event | pU and pI right before it
 *
 * Relative to an origin O, an arrival at t in a stretch that ends at E has
 *
 *     pU = ALPHA e^{(t - O)/tauMem}      ALPHA = pU(E) e^{(O - E)/tauMem}
 *     pI = BETA e^{(t - O)/tauSyn} + (E - t) pU / tauMem where both are equal, else - c pU
 *     BETA = (pI(E) + c pU(E)) e^{(O - E)/tauSyn}      c = tauSyn / (tauSyn - tauMem)
 *
 * Lanes with fewer events than others have empty stretches behind their last one. In a window the earliest event of later
 * ones still has its stretch: its adjoint is in P_U, P_I and P_J, its time in NOW.
 */
/** Later than anything, and finite. */
const NEVER: f64 = 1e300
/** The scaled form covers so many times the shortest time constant: nothing leaves the range of doubles. */
const RANGE: f64 = 600

/** Behind the last row in use, and whether a stretch was opened. */
export let stretchesEnd: usize = 0
export let isAnyOpen: bool = false

/** c of the scaled form; 0 where the time constants are equal. */
export function crossShare(): f64 {
  return rateGap() > 0 ? scale() : -scale()
}

/** Nothing acts on any lane after the end of a trial. */
export function beginAtEnd(): void {
  for (let row = P_U; row <= NOW; row += 64) fillLanes(row, 0)
  if (hasInhibition()) fillLanes(P_J, 0)
  fillLanes(OWN_CUT, NEVER)
}

/**
 * As many empty stretches as some lane has own events in a window of a trial, with that of later windows, or a maximum; at
 * least one. Then opens those of later windows.
 */
export function beginStretches(octet: i32, trial: i32): void {
  for (let n = 0; n < 8; n++) store<u32>(lanes + OPENED + 4 * <usize>n, isKept(n) ? 1 : 0)
  for (let record = recordsOf(octet, trial); record < recordsEnd(octet, trial); record += RECORD) {
    const counter = lanes + OPENED + 4 * <usize>laneOf(record)
    store<u32>(counter, load<u32>(counter) + 1)
  }
  let most: u32 = 1
  for (let n: usize = 0; n < 8; n++) {
    const count = max(load<u32>(lanes + OPENED + 4 * n), 1)
    store<u32>(lanes + OPENED + 4 * n, count)
    most = max(most, count)
  }
  stretchesEnd = stretches() + STRETCH * <usize>most
  isAnyOpen = false
  for (let at = stretches(); at < stretchesEnd; at += STRETCH) {
    memory.fill(at, 0, STRETCH)
    if (wantsTaus()) clearTaus(at)
    if (hasInhibition()) clearInhibition(at)
    for (let n: usize = 0; n < 8; n++) {
      store<f64>(at + 8 * n, NEVER, CUT)
      store<f64>(at + 8 * n, NEVER, SCALED_END)
    }
  }
  for (let n = 0; n < 8; n++)
    if (isKept(n)) openStretch(n, lane(OWN_CUT, n), lane(NOW, n), lane(P_U, n), lane(P_I, n), inhibitoryOf(n))
}

/** pJ of a lane that is kept; 0 where there is one current. */
export function inhibitoryOf(n: i32): f64 {
  return hasInhibition() ? lane(P_J, n) : 0
}

function isKept(n: i32): bool {
  return lane(OWN_CUT, n) != NEVER
}

/** Opens the stretch before an own event of a lane, and keeps it for earlier windows; the last one comes first. */
export function openStretch(n: i32, cut: f64, time: f64, pU: f64, pI: f64, pJ: f64): void {
  const counter = lanes + OPENED + 4 * <usize>n
  const place = load<u32>(counter) - 1
  store<u32>(counter, place)
  const own = stretches() + STRETCH * <usize>place + 8 * <usize>n
  store<f64>(own, cut, CUT)
  store<f64>(own, time, END)
  store<f64>(own, pU, STRETCH_P_U)
  store<f64>(own, pI, STRETCH_P_I)
  if (wantsTaus()) noteTaus(own, n)
  if (hasInhibition()) noteInhibition(own, n, pJ)
  isAnyOpen = true
  setLane(P_U, n, pU)
  setLane(P_I, n, pI)
  if (hasInhibition()) setLane(P_J, n, pJ)
  setLane(NOW, n, time)
  setLane(OWN_CUT, n, cut)
}

/** The stretch that an arrival at one lane belongs to, or the end of all. */
export function stretchOf(n: i32, time: f64): usize {
  let stretch = stretches() + 8 * <usize>n
  while (stretch < stretchesEnd && !(time < load<f64>(stretch, CUT))) stretch += STRETCH
  return stretch
}

/** Notes how far the stretches reach, once all are open. */
export function closeStretches(): void {
  let reach: f64 = 0
  for (let at = stretches(); at < stretchesEnd; at += STRETCH) {
    let first = NEVER
    for (let own = at; own < at + 64; own += 8) {
      const cut = load<f64>(own, CUT)
      first = min(first, cut)
      if (cut != NEVER) reach = max(reach, cut)
    }
    store<f64>(at, first, FIRST_CUT)
    store<f64>(at, reach, REACH)
  }
}

/** Makes ALPHA and BETA relative to an origin; stretches that end before it have no arrivals after it. */
export function scaleStretches(origin: f64): void {
  const limit = RANGE * shortestTau()
  const c = crossShare()
  for (let at = stretches(); at < stretchesEnd; at += STRETCH)
    for (let own = at; own < at + 64; own += 8) {
      const elapsed = load<f64>(own, END) - origin
      if (load<f64>(own, CUT) == NEVER || elapsed < 0) continue
      const pU = load<f64>(own, STRETCH_P_U)
      store<f64>(own, elapsed < limit ? load<f64>(own, END) : -Infinity, SCALED_END)
      store<f64>(own, pU * exp(-elapsed / tauMem()), ALPHA)
      const toSyn = exp(-elapsed / tauSyn())
      store<f64>(own, (load<f64>(own, STRETCH_P_I) + c * pU) * toSyn, BETA)
      if (wantsTaus()) scaleTaus(own, pU, toSyn)
      if (hasInhibition()) scaleInhibition(own, elapsed, pU)
    }
}
