import { storeEvents, sumOf } from '../answers'
import { injectedInto, isInjectionAt, listInjections, nextInjection, takeInside, takeOnArrival } from '../injections'
import { arrivalsFrom, firstInstant } from '../instants'
import { lane, lanes, pick, put, setLane } from '../lanes'
import { outcome } from '../outcome'
import {
  beginOwnEvents,
  carryBack,
  closeFirstStretches,
  gradient,
  hinge,
  inject,
  octet,
  octetWeights,
  pI,
  pU,
  takeUp,
  undoSpike,
} from '../own-events'
import { peakOf } from '../peaks'
import { EVENTS, P_I, P_U } from '../schema/lanes'
import { eventSums, fires, peakGradients, perTauMem, perTauSyn, wantsTaus } from '../schema/plan'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_SYN,
  DONE,
  GRADIENTS,
  INSTANT,
  INTERVAL,
  KAPPA,
  PEAK_SLOPE,
  PEAK_TIME,
  RECORD,
  SLOT,
  SPIKES,
  START,
  STATE,
  TAPE,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { laneOf, recordsEnd, recordsOf } from '../tape'
import { countBoth, countRead, countWritten } from '../traffic'
import { retreatTauLanes, retreatTausQuietly, setTausAside, takeTausBack, undoTauArrival } from './taus'

/** Own spikes of the octet at work in its trial that are not undone lie between these tape records. */
let record: usize = 0
let oldest: usize = 0

/**
 * Undoes a trial of an octet whose neurons all meet the same arrivals, with pU and pI in registers. Over an interval
 * without own events
 *
 *     pI := e^{-D/tauSyn} pI + kappa(D) pU      pU := e^{-D/tauMem} pU
 *
 * and at each arrival dL/dw += pI; the gradient event is g = w (pI / tauSyn - pU / tauMem).
 */
export function undoSharedTrial(trial: i32): void {
  const first = firstInstant(trial)
  oldest = recordsOf(octet, trial)
  record = recordsEnd(octet, trial)
  listInjections(octet, trial)
  if (fires() && peakGradients() != 0) hinge(trial)
  if (record == oldest && nextInjection(octet, trial) == 0) return
  beginOwnEvents()
  const sums = eventSums()
  let u0 = f64x2.splat(0)
  let u1 = u0
  let u2 = u0
  let u3 = u0
  let i0 = u0
  let i1 = u0
  let i2 = u0
  let i3 = u0
  let instant = nextEvent(trial)
  for (;;) {
    // An interval with own events.
    const end = load<f64>(instant, TIME)
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    let v0 = f64x2.mul(toU, u0)
    let v1 = f64x2.mul(toU, u1)
    let v2 = f64x2.mul(toU, u2)
    let v3 = f64x2.mul(toU, u3)
    let j0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
    let j1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
    let j2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
    let j3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
    let touched = 0
    for (let n = nextLane(trial, instant); n >= 0; n = nextLane(trial, instant)) {
      takeUp(pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), end)
      undoInside(trial, instant, n)
      if (outcome != DONE) return
      touched |= 1 << n
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
      retreatTauLanes(instant)
      for (; touched != 0; touched &= touched - 1) takeTausBack(ctz(touched))
    }
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = j0
    i1 = j1
    i2 = j2
    i3 = j3
    countRead(SPIKES, 40)
    if (instant == first) break
    instant -= INSTANT
    const isPlain = !isInjectionAt(octet, trial, instant)
    if (!isPlain) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3))
      undoArrivals(trial, instant)
      u0 = v128.load(lanes + P_U)
      u1 = v128.load(lanes + P_U, 16)
      u2 = v128.load(lanes + P_U, 32)
      u3 = v128.load(lanes + P_U, 48)
      countRead(STATE, 64)
    }
    // Intervals without any, and the arrivals between them, up to the next interval with some.
    const next = nextEvent(trial)
    // With nothing left to undo, the first stretch of the trial remains; no arrival comes before it.
    const to = next == 0 ? first : next
    if (wantsTaus()) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3))
      retreatTausQuietly(instant, to, isPlain)
    }
    countQuietly(instant, to, isPlain)
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
    if (next == 0) break
  }
  closeFirstStretches()
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
  countWritten(STATE, 128)
}

/** The interval, by the instant that ends it, with the latest own event that is not undone; 0: there is none. */
function nextEvent(trial: i32): usize {
  const injection = nextInjection(octet, trial)
  const spike: usize = record == oldest ? 0 : <usize>load<u32>(record - RECORD, INTERVAL)
  return max(injection, spike)
}

function isSpikeIn(instant: usize): bool {
  return record > oldest && <usize>load<u32>(record - RECORD, INTERVAL) == instant
}

/** The lane of the latest own event in an interval that is not undone, or -1: spikes lane by lane, then injections. */
function nextLane(trial: i32, instant: usize): i32 {
  return isSpikeIn(instant) ? laneOf(record - RECORD) : takeInside(octet, trial, instant)
}

/** Undoes what is inside an interval of the lane at work: its spikes, or else an injection; carries it to the start. */
function undoInside(trial: i32, instant: usize, n: i32): void {
  if (!isSpikeIn(instant)) inject(trial, n, load<f64>(peakOf(octet, trial, n), PEAK_TIME))
  while (isSpikeIn(instant) && laneOf(record - RECORD) == n) {
    record -= RECORD
    if (!undoSpike(trial, n, record)) return
  }
  carryBack(n, load<f64>(instant, START))
  if (wantsTaus()) setTausAside(n)
}

/** The propagators back from one instant to another, and the rows of the arrivals undone on the way. */
function countQuietly(from: usize, to: usize, withArrivals: bool): void {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const dues = withArrivals ? intervals + 1 : intervals
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
    for (let n = 0; n < 8; n++) setLane(EVENTS, n, gradientEvent(offset, n))
    for (let n = takeOnArrival(octet, trial, arrival); n >= 0; n = takeOnArrival(octet, trial, arrival)) {
      inject(trial, n, load<f64>(instant, TIME))
      setLane(P_U, n, pU)
      const slope = load<f64>(peakOf(octet, trial, n), PEAK_SLOPE)
      countRead(TAPE, 12)
      countBoth(STATE, 8)
      countWritten(STATE, 8)
      setLane(EVENTS, n, lane(EVENTS, n) + injectedInto(octet, trial, n) * slope)
    }
    if (eventSums() != 0) storeEvents(octet, load<u32>(arrival, SLOT))
  }
}

/** w (pI / tauSyn - pU / tauMem), with the roundings of `sendEvents`. */
function gradientEvent(offset: usize, n: i32): f64 {
  const w = load<f64>(octetWeights + offset + 8 * <usize>n)
  return w * (lane(P_I, n) * perTauSyn() - lane(P_U, n) * perTauMem())
}
