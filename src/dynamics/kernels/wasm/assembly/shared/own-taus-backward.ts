import { isInjectionAt } from '../events/injections'
import { beginOwnEvents, closeFirstSpikeIntervals, gradient, laneGroup } from '../events/own-events'
import { lane, lanes, setLane } from '../lanes/lanes'
import { OneCurrent } from '../lanes/membrane'
import { propagateLanes, takeUpOwnConstants, taus, work } from '../lanes/own-factors'
import { endOfInterval, isAlive, KEPT_TAU_FACTORS, metLanes } from '../lanes/progress'
import { adjoints, eventSums, isFirstWindow, isLastWindow, wantsTaus } from '../schema/header'
import { NEXT_I, NEXT_U, P_I, P_U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENTS,
  INSTANT,
  OWN_PER_TAU_MEM,
  OWN_PER_TAU_SYN,
  SPIKES,
  START,
  STATE,
  TIME,
  WEIGHTS,
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_KAPPA,
} from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'
import { sendFlows, undoArrivals } from './arrivals'
import { backwardOwnTaus } from './own-taus-gradient'
import { takeTausBack, undoTauArrival } from './taus'
import { beginWindow, last, leave, nextEvent, passMet, rest, undoOwnEvents } from './undoing'

/**
 * The same as `undoSharedTrial` where neurons have a tauMem or tauSyn of their own: every lane has a propagator of its own
 * over each interval, and pU and pI lie in the rows of lanes.
 */
export function undoOwnTaus(trial: i32): void {
  const isOnly = adjoints() == 0
  const isLast = isOnly || isLastWindow()
  const isFirst = isOnly || isFirstWindow()
  takeUpOwnConstants(laneGroup)
  beginWindow(trial, isLast)
  // The instants that begin and end the interval at work, and the lanes that have been met in it.
  let begin = last
  let end = isLast ? last + INSTANT : endOfInterval()
  let met = isLast ? 0 : metLanes()
  if (isLast || !isAlive()) {
    const next = nextEvent(trial)
    if (next == 0) {
      if (!isOnly) keep(0, false, last == rest ? end : rest + INSTANT)
      return
    }
    beginOwnEvents()
    memory.fill(lanes + P_U, 0, 64)
    memory.fill(lanes + P_I, 0, 64)
    if (next != last) {
      begin = next
      end = next + INSTANT
    }
  }
  for (;;) {
    // An interval with own events, or what is left of one.
    met = undoOwnEvents(trial, begin, end, met)
    if (met < 0) return
    if (begin == rest && !isFirst) {
      keep(met, true, end)
      return
    }
    if (begin != rest || met != 0) countInterval()
    passInterval(begin, end, met)
    met = 0
    if (begin == rest) break
    const isPlain = !isInjectionAt(laneGroup, trial, begin)
    if (!isPlain) undoArrivals<OneCurrent>(trial, begin)
    // Intervals without any, and the arrivals between them, up to the next interval with some.
    const next = nextEvent(trial)
    const to = (next == 0 ? rest : next) + INSTANT
    let instant = begin
    for (let isDue = isPlain; ; isDue = true) {
      if (isDue) undoInstant(instant)
      if (instant <= to) break
      countInterval()
      backwardLaneGroup(instant)
      instant -= INSTANT
    }
    end = instant
    begin = instant - INSTANT
    if (next == 0 && isFirst) break
  }
  closeFirstSpikeIntervals()
}

/** The factors of time constants can be found again. */
function keep(met: i32, alive: bool, end: usize): void {
  leave(met, alive, end, lanes + KEPT_TAU_FACTORS)
}

/** Carries all lanes back over an interval, those that were met in it from where they have come to. */
function passInterval(begin: usize, end: usize, met: i32): void {
  passMet(met, begin)
  backwardLaneGroup(end)
  for (let some = met; some != 0; some &= some - 1) {
    const n = ctz(some)
    setLane(P_U, n, lane(NEXT_U, n))
    setLane(P_I, n, lane(NEXT_I, n))
    if (wantsTaus()) takeTausBack(n)
  }
}

/** Carries all lanes back over the interval before an instant. */
function backwardLaneGroup(instant: usize): void {
  const d = load<f64>(instant, TIME) - load<f64>(instant, START)
  propagateLanes(d)
  if (wantsTaus()) backwardOwnTaus(taus, work, d)
  for (let at: usize = 0; at < 64; at += 16) {
    const here = work + at
    const u = v128.load(lanes + at, P_U)
    const i = f64x2.mul(v128.load(here, WORK_DECAY_SYN), v128.load(lanes + at, P_I))
    v128.store(lanes + at, f64x2.add(i, f64x2.mul(v128.load(here, WORK_KAPPA), u)), P_I)
    v128.store(lanes + at, f64x2.mul(v128.load(here, WORK_DECAY_MEM), u), P_U)
  }
}

/** Factors, pU and pI of every lane; derivatives of the factors, qU, qI and z. */
function countInterval(): void {
  countRead(SPIKES, 16)
  countBoth(STATE, 64 * (wantsTaus() ? 3 + 2 + 4 + 3 : 3 + 2))
}

/** The rows of the arrivals of an instant; what they add to gradients by time constants is counted with them. */
function countInstant(rows: usize): void {
  countRead(SPIKES, 8 + 4 * rows)
  countRead(STATE, 64)
  countBoth(GRADIENTS, 64 * rows)
  if (eventSums() == 0) return
  countRead(STATE, 64 * 2)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * rows)
  countWritten(SPIKES, 16 * rows)
}

/** Undoes the arrivals of an instant on which no loss acts. */
function undoInstant(instant: usize): void {
  const start = <usize>load<u32>(instant, ARRIVALS)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  countInstant((stop - start) / ARRIVAL)
  if (wantsTaus())
    for (let arrival = stop; arrival > start; arrival -= ARRIVAL)
      undoTauArrival<OneCurrent>(<usize>load<u32>(arrival - ARRIVAL))
  for (let at: usize = 0; at < 64; at += 16) {
    const p = v128.load(lanes + at, P_I)
    for (let arrival = stop; arrival > start; ) {
      arrival -= ARRIVAL
      const row = gradient + at + <usize>load<u32>(arrival)
      v128.store(row, f64x2.add(v128.load(row), p))
    }
  }
  if (eventSums() == 0) return
  const e0 = flow(0)
  const e1 = flow(16)
  const e2 = flow(32)
  const e3 = flow(48)
  sendFlows<OneCurrent>(start, stop, e0, e1, e2, e3, e0, e1, e2, e3)
}

/** pI / tauSyn - pU / tauMem of two lanes. */
function flow(at: usize): v128 {
  const ofI = f64x2.mul(v128.load(lanes + at, P_I), v128.load(taus + at, OWN_PER_TAU_SYN))
  return f64x2.sub(ofI, f64x2.mul(v128.load(lanes + at, P_U), v128.load(taus + at, OWN_PER_TAU_MEM)))
}
