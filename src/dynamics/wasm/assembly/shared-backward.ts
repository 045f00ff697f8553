import { storeEvents, sumOf } from './answers'
import { injectedInto, isInjectionAt, listInjections, nextInjection, takeInside, takeOnArrival } from './injections'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  arrivalsFrom,
  DECAY_MEM,
  DECAY_SYN,
  firstInstant,
  INSTANT,
  KAPPA,
  SLOT,
  START,
  TIME,
} from './instants'
import { EVENT_P_U, fillLanes, lane, lanes, NEXT_P_I, NEXT_P_U, NOW, P_A_TIME, P_I, P_U, setLane } from './lanes'
import { DONE, outcome } from './outcome'
import { carryBack, closeFirstStretches, gradient, hinge, inject, octet, octetWeights, undoSpike } from './own-events'
import { PEAK_SLOPE, PEAK_TIME, peakOf } from './peaks'
import { eventSums, fires, peakGradients, perTauMem, perTauSyn, wantsTaus } from './plan'
import { retreatTauLanes, retreatTausQuietly, setTausAside, takeTausBack, undoTauArrival } from './shared-taus'
import { INTERVAL, laneOf, RECORD, recordsEnd, recordsOf } from './tape'
import { beginTaus } from './taus'
import { countBoth, countRead, countWritten, GRADIENTS, SPIKES, STATE, TAPE, WEIGHTS } from './traffic'

/** Undoes a trial of an octet whose neurons all meet the same arrivals, an interval between instants at a time. */
export function undoSharedTrial(trial: i32): void {
  const first = firstInstant(trial)
  const oldest = recordsOf(octet, trial)
  let record = recordsEnd(octet, trial)
  listInjections(octet, trial)
  if (fires() && peakGradients() != 0) hinge(trial)
  if (record == oldest && nextInjection(octet, trial) == 0) return
  for (let row = P_U; row <= P_A_TIME; row += 64) fillLanes(row, 0)
  fillLanes(EVENT_P_U, 0)
  countWritten(STATE, 5 * 64)
  if (wantsTaus()) beginTaus()
  let instant = nextEvent(trial, record, oldest)
  for (;;) {
    record = undoInterval(trial, instant, record, oldest)
    if (outcome != DONE) return
    if (instant == first) break
    instant -= INSTANT
    const isPlain = !isInjectionAt(octet, trial, instant)
    if (!isPlain) undoArrivals(trial, instant)
    const next = nextEvent(trial, record, oldest)
    // With nothing left to undo, the first stretch of the trial remains; no arrival comes before it.
    const to = next == 0 ? first : next
    if (wantsTaus()) retreatTausQuietly(instant, to, isPlain)
    instant = retreatQuietly(instant, to, isPlain)
    if (next == 0) break
  }
  closeFirstStretches()
}

/** The interval, by the instant that ends it, with the latest own event that is not undone; 0: there is none. */
function nextEvent(trial: i32, record: usize, oldest: usize): usize {
  const injection = nextInjection(octet, trial)
  const spike: usize = record == oldest ? 0 : <usize>load<u32>(record - RECORD, INTERVAL)
  return max(injection, spike)
}

/**
 * Carries the adjoint of all lanes back from an instant to another one, its arrivals undone, through intervals without
 * own events. Over each of them
 *
 *     pI := e^{-D/tauSyn} pI + kappa(D) pU      pU := e^{-D/tauMem} pU
 *
 * and at each arrival dL/dw += pI; the gradient event is g = w (pI / tauSyn - pU / tauMem).
 *
 * @param withArrivals the arrivals of the first instant are yet to be undone
 */
function retreatQuietly(from: usize, to: usize, withArrivals: bool): usize {
  let u0 = v128.load(lanes + P_U)
  let u1 = v128.load(lanes + P_U, 16)
  let u2 = v128.load(lanes + P_U, 32)
  let u3 = v128.load(lanes + P_U, 48)
  let i0 = v128.load(lanes + P_I)
  let i1 = v128.load(lanes + P_I, 16)
  let i2 = v128.load(lanes + P_I, 32)
  let i3 = v128.load(lanes + P_I, 48)
  const sums = eventSums()
  let instant = from
  for (let isDue = withArrivals; ; isDue = true) {
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
  v128.store(lanes + P_U, u0)
  v128.store(lanes + P_U, u1, 16)
  v128.store(lanes + P_U, u2, 32)
  v128.store(lanes + P_U, u3, 48)
  v128.store(lanes + P_I, i0)
  v128.store(lanes + P_I, i1, 16)
  v128.store(lanes + P_I, i2, 32)
  v128.store(lanes + P_I, i3, 48)
  countQuietly(from, instant, withArrivals)
  return instant
}

/** pU and pI; the propagators back from one instant to another, and the rows of the arrivals undone on the way. */
function countQuietly(from: usize, to: usize, withArrivals: bool): void {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const dues = withArrivals ? intervals + 1 : intervals
  countBoth(STATE, 128)
  countBoth(GRADIENTS, 64 * rows)
  countRead(SPIKES, 24 * intervals + 8 * dues + 4 * rows)
  if (eventSums() == 0) return
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * dues + 8 * rows)
  countWritten(SPIKES, 16 * rows)
}

/** The gradient events of an instant's arrivals, summed over the octet as in src/numerics/block-sum.ts: two lane sums. */
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
  const sums = sumOf(octet, 0)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
    const row = octetWeights + <usize>load<u32>(arrival)
    const first = f64x2.add(f64x2.mul(v128.load(row), g0), f64x2.mul(v128.load(row, 16), g1))
    const second = f64x2.add(f64x2.mul(v128.load(row, 32), g2), f64x2.mul(v128.load(row, 48), g3))
    v128.store(sums + 16 * <usize>load<u32>(arrival, SLOT), f64x2.add(first, second))
  }
}

/** Undoes an interval with own events: those, and the flow between them; returns the tape record next in line. */
function undoInterval(trial: i32, instant: usize, record: usize, oldest: usize): usize {
  const start = load<f64>(instant, START)
  fillLanes(NOW, load<f64>(instant, TIME))
  countWritten(STATE, 64)
  countRead(SPIKES, 16)
  let touched = 0
  while (record > oldest && <usize>load<u32>(record - RECORD, INTERVAL) == instant) {
    record -= RECORD
    const n = laneOf(record)
    if (!undoSpike(trial, n, record)) return record
    touched |= 1 << n
  }
  for (let n = takeInside(octet, trial, instant); n >= 0; n = takeInside(octet, trial, instant)) {
    inject(trial, n, load<f64>(peakOf(octet, trial, n), PEAK_TIME))
    touched |= 1 << n
  }
  for (let some = touched; some != 0; some &= some - 1) {
    const n = ctz(some)
    carryBack(n, start)
    setLane(NEXT_P_U, n, lane(P_U, n))
    setLane(NEXT_P_I, n, lane(P_I, n))
    // Aside, and back again.
    countBoth(STATE, 32)
    if (wantsTaus()) setTausAside(n)
  }
  if (wantsTaus()) retreatTauLanes(instant)
  retreatLanes(instant)
  for (let some = touched; some != 0; some &= some - 1) {
    const n = ctz(some)
    setLane(P_U, n, lane(NEXT_P_U, n))
    setLane(P_I, n, lane(NEXT_P_I, n))
    if (wantsTaus()) takeTausBack(n)
  }
  return record
}

/** The flow of all lanes back over the interval before an instant. */
function retreatLanes(instant: usize): void {
  const toU = v128.load_splat<f64>(instant, DECAY_MEM)
  const toI = v128.load_splat<f64>(instant, DECAY_SYN)
  const across = v128.load_splat<f64>(instant, KAPPA)
  retreatPair(lanes, toU, toI, across)
  retreatPair(lanes + 16, toU, toI, across)
  retreatPair(lanes + 32, toU, toI, across)
  retreatPair(lanes + 48, toU, toI, across)
  countBoth(STATE, 128)
  countRead(SPIKES, 24)
}

function retreatPair(at: usize, toU: v128, toI: v128, across: v128): void {
  const u = v128.load(at, P_U)
  v128.store(at, f64x2.add(f64x2.mul(toI, v128.load(at, P_I)), f64x2.mul(across, u)), P_I)
  v128.store(at, f64x2.mul(toU, u), P_U)
}

/**
 * Undoes the arrivals of an instant one by one. A peak that sits on one belongs just before it: the arrival comes first,
 * then the loss joins pU, and q V'(t-) its gradient event.
 */
function undoArrivals(trial: i32, instant: usize): void {
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
    for (let n = 0; n < 8; n++) setLane(NEXT_P_U, n, gradientEvent(offset, n))
    for (let n = takeOnArrival(octet, trial, arrival); n >= 0; n = takeOnArrival(octet, trial, arrival)) {
      inject(trial, n, load<f64>(instant, TIME))
      const slope = load<f64>(peakOf(octet, trial, n), PEAK_SLOPE)
      countRead(TAPE, 12)
      countBoth(STATE, 8)
      setLane(NEXT_P_U, n, lane(NEXT_P_U, n) + injectedInto(octet, trial, n) * slope)
    }
    if (eventSums() != 0) storeEvents(octet, load<u32>(arrival, SLOT))
  }
}

/** w (pI / tauSyn - pU / tauMem), with the roundings of `sendEvents`. */
function gradientEvent(offset: usize, n: i32): f64 {
  const w = load<f64>(octetWeights + offset + 8 * <usize>n)
  return w * (lane(P_I, n) * perTauSyn() - lane(P_U, n) * perTauMem())
}
