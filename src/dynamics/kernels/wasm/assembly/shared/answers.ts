import { decaySyn, kappa, propagate } from '../equations/propagator'
import { decayInh, isInhibitory, kappaInh, propagateInhibition } from '../events/inhibition'
import { laneGroup, laneWeights, now, pI, pJ, pU, takeUp, takeUpInhibition } from '../events/own-events'
import { sumOf } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane } from '../lanes/lanes'
import { answers, asked, hasInhibition } from '../schema/header'
import { P_I, P_J, P_U } from '../schema/lanes'
import {
  ASKED,
  ASKED_INTERVAL,
  ASKED_ROW,
  ASKED_SLOT,
  ASKED_TIME,
  RANGE,
  RANGE_END,
  RANGE_START,
  TIME,
} from '../schema/records'

/**
 * What pseudo-spikes would do to the loss, w pI at the time at which each would arrive: asked for beside the way back, nothing of
 * which they change. Those of the trial at work that are not answered lie between these, of the lane at work up to `cursor`.
 */
let first: usize = 0
let top: usize = 0
let cursor: usize = 0

export function beginAnswers(trial: i32): void {
  first = top = 0
  if (asked() == 0) return
  const range = asked() + RANGE * <usize>trial
  first = <usize>load<u32>(range, RANGE_START)
  top = <usize>load<u32>(range, RANGE_END)
}

/** Nothing acts on the trial behind an interval: what would arrive there would do nothing. */
export function skipBehind(interval: usize): void {
  while (top > first && <usize>load<u32>(top - ASKED, ASKED_INTERVAL) > interval) top -= ASKED
}

/** The interval, by the instant that begins it, with the latest one that is not answered; 0: there is none. */
export function nextAsked(): usize {
  return top == first ? 0 : <usize>load<u32>(top - ASKED, ASKED_INTERVAL)
}

function isAskedIn(place: usize, begin: usize): bool {
  return place > first && <usize>load<u32>(place - ASKED, ASKED_INTERVAL) == begin
}

/** A lane begins to answer. */
export function beginLane(): void {
  cursor = top
}

/** The lane at work answers for all in an interval that would arrive at a time or later. */
export function answerLane(n: i32, begin: usize, time: f64): void {
  for (; isAskedIn(cursor, begin) && load<f64>(cursor - ASKED, ASKED_TIME) >= time; cursor -= ASKED) {
    const at = cursor - ASKED
    const w = load<f64>(laneWeights + <usize>load<u32>(at, ASKED_ROW) + 8 * <usize>n)
    store<f64>(answerOf(at) + 8 * <usize>n, w == 0 ? 0 : w * currentAt(n, load<f64>(at, ASKED_TIME), isInhibitory(w)))
  }
}

/** pI, or pJ, of the lane at work at a time that is not after it. */
function currentAt(n: i32, time: f64, ofInhibition: bool): f64 {
  const p = ofInhibition ? pJ : pI
  if (p == 0 && pU == 0) return 0
  const d = now - time
  if (!(d > 0)) return p
  takeUpTaus(laneGroup, n)
  propagate(d)
  if (!ofInhibition) return decaySyn * p + kappa * pU
  propagateInhibition(d)
  return decayInh * p + kappaInh * pU
}

/** A row of lanes, by the place of its record in the trial. */
function answerOf(at: usize): usize {
  return answers() + 64 * ((at - first) / ASKED)
}

/**
 * The lanes without own events answer for all in an interval, from the adjoint at its end in P_U, P_I and P_J; then the answers
 * of all lanes are summed, as in `storeEvents`.
 */
export function answerInterval(begin: usize, end: usize, met: i32): void {
  if (!isAskedIn(top, begin)) return
  for (let n = 0; n < 8; n++) {
    if (met & (1 << n)) continue
    takeUp(lane(P_U, n), lane(P_I, n), load<f64>(end, TIME))
    if (hasInhibition()) takeUpInhibition(lane(P_J, n))
    beginLane()
    answerLane(n, begin, -Infinity)
  }
  for (; isAskedIn(top, begin); top -= ASKED) {
    const row = answerOf(top - ASKED)
    const half = f64x2.add(v128.load(row), v128.load(row, 16))
    const sum = f64x2.add(half, f64x2.add(v128.load(row, 32), v128.load(row, 48)))
    v128.store(sumOf(laneGroup, load<u32>(top - ASKED, ASKED_SLOT)), sum)
  }
}
