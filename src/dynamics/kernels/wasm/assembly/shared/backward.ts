import { injectedInto, isInjectionAt, listInjections, takeOnArrival } from '../events/injections'
import { arrivalsFrom } from '../events/instants'
import {
  beginOwnEvents,
  carryBack,
  closeFirstSpikeIntervals,
  gradient,
  hinge,
  inject,
  laneGroup,
  laneWeights,
  now,
  pI,
  pU,
  takeUp,
} from '../events/own-events'
import { tauFactorsOf } from '../events/tau-instants'
import { storeEvents, sumOf } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, lanes, pick, put, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { endOfInterval, isAlive, KEPT_TAU_FACTORS, keep, metLanes, resume } from '../lanes/progress'
import { peakOf } from '../peaks/peak-notes'
import {
  adjoints,
  eventSums,
  fires,
  isFirstWindow,
  isLastWindow,
  peakGradients,
  perTauMem,
  perTauSyn,
  wantsTaus,
} from '../schema/header'
import { EVENTS, I, NOW, P_I, P_U, U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_SYN,
  DONE,
  GRADIENTS,
  INSTANT,
  KAPPA,
  PEAK_SLOPE,
  SLOT,
  SPIKES,
  STATE,
  TAPE,
  TAU_FACTORS,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'
import { backwardTauLanes, backwardTausQuietly, setTausAside, takeTausBack, undoTauArrival } from './taus'
import { beginUndoing, last, nextEvent, nextLane, rest, undoInside } from './undoing'

/**
 * Undoes what a trial of a lane group whose neurons all meet the same arrivals did in a window, with pU and pI in registers.
 * Over an interval without own events
 *
 *     pI := e^{-D/tauSyn} pI + kappa(D) pU      pU := e^{-D/tauMem} pU
 *
 * and at each arrival dL/dw += pI; the gradient event is g = w (pI / tauSyn - pU / tauMem).
 *
 * An interval that begins in an earlier window is gone through when that one is undone: until then the lanes that were met
 * in it are set aside, and the others wait at its end.
 */
export function undoSharedTrial(trial: i32): void {
  const isOnly = adjoints() == 0
  const isLast = isOnly || isLastWindow()
  const isFirst = isOnly || isFirstWindow()
  beginWindow(trial, isLast)
  // The instant that ends the interval at work, and what `writeTauFactors` has noted of it.
  let end = isLast ? last + INSTANT : endOfInterval()
  let by = isLast ? tauFactorsOf(end) : lanes + KEPT_TAU_FACTORS
  let begin = last
  let met = isLast ? 0 : metLanes()
  let u0 = f64x2.splat(0)
  let u1 = u0
  let u2 = u0
  let u3 = u0
  let i0 = u0
  let i1 = u0
  let i2 = u0
  let i3 = u0
  if (isLast || !isAlive()) {
    const next = nextEvent(trial)
    if (next == 0) {
      if (!isOnly) leave(0, false, last == rest ? end : rest + INSTANT, by)
      return
    }
    beginOwnEvents()
    if (next != last) {
      begin = next
      end = next + INSTANT
      by = tauFactorsOf(end)
    }
  } else {
    u0 = v128.load(lanes + P_U)
    u1 = v128.load(lanes + P_U, 16)
    u2 = v128.load(lanes + P_U, 32)
    u3 = v128.load(lanes + P_U, 48)
    i0 = v128.load(lanes + P_I)
    i1 = v128.load(lanes + P_I, 16)
    i2 = v128.load(lanes + P_I, 32)
    i3 = v128.load(lanes + P_I, 48)
  }
  const sums = eventSums()
  for (;;) {
    // An interval with own events, or what is left of one.
    const time = load<f64>(end, TIME)
    for (let n = nextLane(trial, begin); n >= 0; n = nextLane(trial, begin)) {
      if (met & (1 << n)) takeUp(lane(U, n), lane(I, n), lane(NOW, n))
      else takeUp(pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), time)
      undoInside(trial, begin, n)
      if (outcome != DONE) return
      setLane(U, n, pU)
      setLane(I, n, pI)
      setLane(NOW, n, now)
      met |= 1 << n
    }
    if (begin == rest && !isFirst) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3))
      leave(met, true, end, by)
      return
    }
    // With nothing left to undo, the first interval of a trial need not be gone through.
    if (begin != rest || met != 0) countInterval(met != 0)
    const toU = v128.load_splat<f64>(end, DECAY_MEM)
    const toI = v128.load_splat<f64>(end, DECAY_SYN)
    const across = v128.load_splat<f64>(end, KAPPA)
    let v0 = f64x2.mul(toU, u0)
    let v1 = f64x2.mul(toU, u1)
    let v2 = f64x2.mul(toU, u2)
    let v3 = f64x2.mul(toU, u3)
    let j0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
    let j1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
    let j2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
    let j3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
    for (let some = met; some != 0; some &= some - 1) {
      const n = ctz(some)
      takeUp(lane(U, n), lane(I, n), lane(NOW, n))
      carryBack(n, load<f64>(begin, TIME))
      if (wantsTaus()) setTausAside(n)
      switch (n >> 1) {
        case 0:
          v0 = put(v0, n, pU)
          j0 = put(j0, n, pI)
          break
        case 1:
          v1 = put(v1, n, pU)
          j1 = put(j1, n, pI)
          break
        case 2:
          v2 = put(v2, n, pU)
          j2 = put(j2, n, pI)
          break
        default:
          v3 = put(v3, n, pU)
          j3 = put(j3, n, pI)
      }
    }
    if (wantsTaus()) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3))
      backwardTauLanes(end, by)
      for (; met != 0; met &= met - 1) takeTausBack(ctz(met))
    }
    met = 0
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = j0
    i1 = j1
    i2 = j2
    i3 = j3
    if (begin == rest) break
    const isPlain = !isInjectionAt(laneGroup, trial, begin)
    if (!isPlain) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3))
      undoArrivals(trial, begin)
      countWritten(STATE, 128)
      u0 = v128.load(lanes + P_U)
      u1 = v128.load(lanes + P_U, 16)
      u2 = v128.load(lanes + P_U, 32)
      u3 = v128.load(lanes + P_U, 48)
      countRead(STATE, 64)
    }
    // Intervals without any, and the arrivals between them, up to the next interval with some.
    const next = nextEvent(trial)
    // With nothing left to undo, the first interval remains: of the window, or of the trial, before which nothing arrives.
    const to = (next == 0 ? rest : next) + INSTANT
    if (wantsTaus()) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3))
      backwardTausQuietly(begin, to, isPlain)
    }
    countQuietly(begin, to, isPlain)
    let instant = begin
    for (let isDue = isPlain; ; isDue = true) {
      if (isDue) {
        const stop = <usize>load<u32>(instant, ARRIVALS)
        for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
          arrival -= ARRIVAL
          const row = gradient + <usize>load<u32>(arrival)
          v128.store(row, f64x2.add(v128.load(row), i0))
          v128.store(row, f64x2.add(v128.load(row, 16), i1), 16)
          v128.store(row, f64x2.add(v128.load(row, 32), i2), 32)
          v128.store(row, f64x2.add(v128.load(row, 48), i3), 48)
        }
        if (sums != 0) inline.always(sendEvents(instant, i0, i1, i2, i3, u0, u1, u2, u3))
      }
      if (instant <= to) break
      const toU = v128.load_splat<f64>(instant, DECAY_MEM)
      const toI = v128.load_splat<f64>(instant, DECAY_SYN)
      const across = v128.load_splat<f64>(instant, KAPPA)
      i0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
      i1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
      i2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
      i3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
      u0 = f64x2.mul(toU, u0)
      u1 = f64x2.mul(toU, u1)
      u2 = f64x2.mul(toU, u2)
      u3 = f64x2.mul(toU, u3)
      instant -= INSTANT
    }
    end = instant
    begin = instant - INSTANT
    by = tauFactorsOf(end)
    if (next == 0 && isFirst) break
  }
  closeFirstSpikeIntervals()
}

/** Takes up what is to be undone of a window of a trial, maybe the last one. */
export function beginWindow(trial: i32, isLast: bool): void {
  beginUndoing(trial)
  if (isLast) {
    listInjections(laneGroup, trial)
    if (fires() && peakGradients() != 0) hinge(trial)
  } else resume()
}

/** Keeps how far the trial has come; the window is undone. */
export function leave(met: i32, alive: bool, end: usize, by: usize): void {
  keep(met, alive, end)
  if (wantsTaus() && by != lanes + KEPT_TAU_FACTORS) memory.copy(lanes + KEPT_TAU_FACTORS, by, TAU_FACTORS)
}

/** Stores the adjoint of all lanes, for those who look at it there. */
function setAside(u0: v128, u1: v128, u2: v128, u3: v128, i0: v128, i1: v128, i2: v128, i3: v128): void {
  v128.store(lanes + P_U, u0)
  v128.store(lanes + P_U, u1, 16)
  v128.store(lanes + P_U, u2, 32)
  v128.store(lanes + P_U, u3, 48)
  v128.store(lanes + P_I, i0)
  v128.store(lanes + P_I, i1, 16)
  v128.store(lanes + P_I, i2, 32)
  v128.store(lanes + P_I, i3, 48)
}

/** The propagator over an interval that a window does not end in; what is carried beside the adjoint where lanes are met. */
function countInterval(isMet: bool): void {
  countRead(SPIKES, wantsTaus() ? 24 + TAU_FACTORS : 24)
  if (isMet && wantsTaus()) countTaus()
}

/** U, I, qU, qI and z of all lanes; what these add up to. */
function countTaus(): void {
  countRead(STATE, 64 * 5)
  countWritten(STATE, 64 * 3)
  countBoth(GRADIENTS, 64 * 2)
}

/** The propagators back from one instant to another, and the rows of the arrivals undone on the way. */
function countQuietly(from: usize, to: usize, withArrivals: bool): void {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const dues = withArrivals ? intervals + 1 : intervals
  countBoth(GRADIENTS, 64 * rows)
  countRead(SPIKES, (wantsTaus() ? 24 + TAU_FACTORS : 24) * intervals + 8 * dues + 4 * rows)
  // The same row for the time constants, beside what comes back to the spike.
  if (wantsTaus()) countRead(WEIGHTS, 64 * rows)
  if (eventSums() == 0) return
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * dues + 8 * rows)
  countWritten(SPIKES, 16 * rows)
}

/** The gradient events of an instant's arrivals, summed over the lane group as in src/numerics/block-sum.ts: two lane sums. */
function sendEvents(
  instant: usize,
  i0: v128,
  i1: v128,
  i2: v128,
  i3: v128,
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
): void {
  const perSyn = f64x2.splat(perTauSyn())
  const perMem = f64x2.splat(perTauMem())
  const g0 = f64x2.sub(f64x2.mul(i0, perSyn), f64x2.mul(u0, perMem))
  const g1 = f64x2.sub(f64x2.mul(i1, perSyn), f64x2.mul(u1, perMem))
  const g2 = f64x2.sub(f64x2.mul(i2, perSyn), f64x2.mul(u2, perMem))
  const g3 = f64x2.sub(f64x2.mul(i3, perSyn), f64x2.mul(u3, perMem))
  const sums = sumOf(laneGroup, 0)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
    const row = laneWeights + <usize>load<u32>(arrival)
    const first = f64x2.add(f64x2.mul(v128.load(row), g0), f64x2.mul(v128.load(row, 16), g1))
    const second = f64x2.add(f64x2.mul(v128.load(row, 32), g2), f64x2.mul(v128.load(row, 48), g3))
    v128.store(sums + 16 * <usize>load<u32>(arrival, SLOT), f64x2.add(first, second))
  }
}

/**
 * Undoes the arrivals of an instant one by one. A peak that sits on one belongs just before it: the arrival comes first,
 * then the loss joins pU, and q V'(t-) its gradient event.
 */
export function undoArrivals(trial: i32, instant: usize): void {
  countRead(SPIKES, 8)
  const stop = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
    arrival -= ARRIVAL
    const offset = <usize>load<u32>(arrival)
    for (let at: usize = 0; at < 64; at += 16) {
      const row = gradient + offset + at
      v128.store(row, f64x2.add(v128.load(row), v128.load(lanes + P_I + at)))
    }
    countBoth(GRADIENTS, 64)
    countRead(WEIGHTS, 64)
    countRead(STATE, 64 + 128)
    countWritten(STATE, 64)
    countRead(SPIKES, 4)
    if (wantsTaus()) undoTauArrival(offset)
    for (let n = 0; n < 8; n++) setLane(EVENTS, n, gradientEvent(offset, n))
    for (let n = takeOnArrival(laneGroup, trial, arrival); n >= 0; n = takeOnArrival(laneGroup, trial, arrival)) {
      inject(trial, n, load<f64>(instant, TIME))
      setLane(P_U, n, pU)
      const slope = load<f64>(peakOf(laneGroup, trial, n), PEAK_SLOPE)
      countRead(TAPE, 12)
      countBoth(STATE, 8)
      countWritten(STATE, 8)
      setLane(EVENTS, n, lane(EVENTS, n) + injectedInto(laneGroup, trial, n) * slope)
    }
    if (eventSums() != 0) storeEvents(laneGroup, load<u32>(arrival, SLOT))
  }
}

/** w (pI / tauSyn - pU / tauMem), with the roundings of `sendEvents`. */
function gradientEvent(offset: usize, n: i32): f64 {
  const w = load<f64>(laneWeights + offset + 8 * <usize>n)
  takeUpTaus(laneGroup, n)
  return w * (lane(P_I, n) * perTauSyn() - lane(P_U, n) * perTauMem())
}
