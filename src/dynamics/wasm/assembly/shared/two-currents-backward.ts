import { storeEvents, sumOf } from '../answers'
import { inhibitionOf } from '../inhibition-instants'
import { injectedInto, isInjectionAt, listInjections, takeOnArrival } from '../injections'
import { arrivalsFrom } from '../instants'
import { lane, lanes, pick, put, setLane } from '../lanes'
import { outcome } from '../outcome'
import {
  beginOwnEvents,
  carryBack,
  closeFirstStretches,
  gradient,
  hinge,
  inject,
  now,
  octet,
  octetWeights,
  pI,
  pJ,
  pU,
  takeUp,
  takeUpInhibition,
} from '../own-events'
import { peakOf } from '../peaks'
import {
  endOfInterval,
  inhibitionOfEnd,
  inhibitoryTauFactorsOfEnd,
  isAlive,
  KEPT_TAU_FACTORS,
  keepInhibition,
  metLanes,
  resume,
} from '../progress'
import { EVENTS, I, J, NOW, P_I, P_J, P_U, U } from '../schema/lanes'
import {
  adjoints,
  eventSums,
  fires,
  isFirstWindow,
  isLastWindow,
  peakGradients,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  wantsTaus,
} from '../schema/plan'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_SYN,
  DONE,
  GRADIENTS,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INSTANT,
  KAPPA,
  PEAK_SLOPE,
  SLOT,
  SPIKES,
  STATE,
  TAPE,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { inhibitoryTauFactorsOf, tauFactorsOf } from '../tau-instants'
import { countBoth, countRead, countWritten } from '../traffic'
import { leave } from './backward'
import { setTausAside, takeTausBack } from './taus'
import { retreatTauLanesTwo, retreatTausQuietlyTwo, undoTauArrivalTwo } from './two-currents-taus'
import { beginUndoing, last, nextEvent, nextLane, rest, undoInside } from './undoing'

/**
 * The same as `undoSharedTrial` with two synaptic currents: pJ goes back like pI, and each weight is told by the current
 * that it drives, by its sign,
 *
 *     dL/dw += pI, or pJ      g = w (pI / tauSyn - pU / tauMem), or w (pJ / tauSynInh - pU / tauMem)
 */
export function undoSharedTrialTwo(trial: i32): void {
  const isOnly = adjoints() == 0
  const isLast = isOnly || isLastWindow()
  const isFirst = isOnly || isFirstWindow()
  beginUndoing(trial)
  if (isLast) {
    listInjections(octet, trial)
    if (fires() && peakGradients() != 0) hinge(trial)
  } else resume()
  // The instant that ends the interval at work, and what `writeTauFactors` has noted of it.
  let end = isLast ? last + INSTANT : endOfInterval()
  let by = isLast ? tauFactorsOf(end) : lanes + KEPT_TAU_FACTORS
  let byJ = isLast ? inhibitoryTauFactorsOf(end) : inhibitoryTauFactorsOfEnd()
  let inhibition = isLast ? inhibitionOf(end) : inhibitionOfEnd()
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
  let j0 = u0
  let j1 = u0
  let j2 = u0
  let j3 = u0
  if (isLast || !isAlive()) {
    const next = nextEvent(trial)
    if (next == 0) {
      if (isOnly) return
      leave(0, false, last == rest ? end : rest + INSTANT, by)
      keepInhibition(inhibition, byJ)
      return
    }
    beginOwnEvents()
    if (next != last) {
      begin = next
      end = next + INSTANT
      by = tauFactorsOf(end)
      byJ = inhibitoryTauFactorsOf(end)
      inhibition = inhibitionOf(end)
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
    j0 = v128.load(lanes + P_J)
    j1 = v128.load(lanes + P_J, 16)
    j2 = v128.load(lanes + P_J, 32)
    j3 = v128.load(lanes + P_J, 48)
  }
  const sums = eventSums()
  for (;;) {
    // An interval with own events, or what is left of one.
    const time = load<f64>(end, TIME)
    for (let n = nextLane(trial, begin); n >= 0; n = nextLane(trial, begin)) {
      if (met & (1 << n)) takeUpMet(n)
      else {
        takeUp(pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), time)
        takeUpInhibition(pick(n, j0, j1, j2, j3))
      }
      undoInside(trial, begin, n)
      if (outcome != DONE) return
      setLane(U, n, pU)
      setLane(I, n, pI)
      setLane(J, n, pJ)
      setLane(NOW, n, now)
      met |= 1 << n
    }
    countRead(SPIKES, 40)
    if (begin == rest && !isFirst) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      leave(met, true, end, by)
      keepInhibition(inhibition, byJ)
      return
    }
    const toU = v128.load_splat<f64>(end, DECAY_MEM)
    const toI = v128.load_splat<f64>(end, DECAY_SYN)
    const across = v128.load_splat<f64>(end, KAPPA)
    const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
    const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
    let v0 = f64x2.mul(toU, u0)
    let v1 = f64x2.mul(toU, u1)
    let v2 = f64x2.mul(toU, u2)
    let v3 = f64x2.mul(toU, u3)
    let x0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
    let x1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
    let x2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
    let x3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
    let y0 = f64x2.add(f64x2.mul(toJ, j0), f64x2.mul(acrossJ, u0))
    let y1 = f64x2.add(f64x2.mul(toJ, j1), f64x2.mul(acrossJ, u1))
    let y2 = f64x2.add(f64x2.mul(toJ, j2), f64x2.mul(acrossJ, u2))
    let y3 = f64x2.add(f64x2.mul(toJ, j3), f64x2.mul(acrossJ, u3))
    for (let some = met; some != 0; some &= some - 1) {
      const n = ctz(some)
      takeUpMet(n)
      carryBack(n, load<f64>(begin, TIME))
      if (wantsTaus()) setTausAside(n)
      switch (n >> 1) {
        case 0:
          v0 = put(v0, n, pU)
          x0 = put(x0, n, pI)
          y0 = put(y0, n, pJ)
          break
        case 1:
          v1 = put(v1, n, pU)
          x1 = put(x1, n, pI)
          y1 = put(y1, n, pJ)
          break
        case 2:
          v2 = put(v2, n, pU)
          x2 = put(x2, n, pI)
          y2 = put(y2, n, pJ)
          break
        default:
          v3 = put(v3, n, pU)
          x3 = put(x3, n, pI)
          y3 = put(y3, n, pJ)
      }
    }
    if (wantsTaus()) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      retreatTauLanesTwo(end, by, byJ, inhibition)
      for (; met != 0; met &= met - 1) takeTausBack(ctz(met))
    }
    met = 0
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = x0
    j0 = y0
    i1 = x1
    j1 = y1
    i2 = x2
    j2 = y2
    i3 = x3
    j3 = y3
    if (begin == rest) break
    const isPlain = !isInjectionAt(octet, trial, begin)
    if (!isPlain) {
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      undoArrivals(trial, begin)
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
      inline.always(setAside(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      retreatTausQuietlyTwo(begin, to, isPlain)
    }
    countQuietly(begin, to, isPlain)
    let instant = begin
    inhibition = inhibitionOf(begin)
    for (let isDue = isPlain; ; isDue = true) {
      if (isDue) {
        const stop = <usize>load<u32>(instant, ARRIVALS)
        for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
          arrival -= ARRIVAL
          const row = gradient + <usize>load<u32>(arrival)
          const weight = octetWeights + <usize>load<u32>(arrival)
          v128.store(row, f64x2.add(v128.load(row), driven(v128.load(weight), i0, j0)))
          v128.store(row, f64x2.add(v128.load(row, 16), driven(v128.load(weight, 16), i1, j1)), 16)
          v128.store(row, f64x2.add(v128.load(row, 32), driven(v128.load(weight, 32), i2, j2)), 32)
          v128.store(row, f64x2.add(v128.load(row, 48), driven(v128.load(weight, 48), i3, j3)), 48)
        }
        if (sums != 0) inline.always(sendEvents(instant, i0, i1, i2, i3, j0, j1, j2, j3, u0, u1, u2, u3))
      }
      if (instant <= to) break
      const toU = v128.load_splat<f64>(instant, DECAY_MEM)
      const toI = v128.load_splat<f64>(instant, DECAY_SYN)
      const across = v128.load_splat<f64>(instant, KAPPA)
      const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
      const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
      i0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
      i1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
      i2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
      i3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
      j0 = f64x2.add(f64x2.mul(toJ, j0), f64x2.mul(acrossJ, u0))
      j1 = f64x2.add(f64x2.mul(toJ, j1), f64x2.mul(acrossJ, u1))
      j2 = f64x2.add(f64x2.mul(toJ, j2), f64x2.mul(acrossJ, u2))
      j3 = f64x2.add(f64x2.mul(toJ, j3), f64x2.mul(acrossJ, u3))
      u0 = f64x2.mul(toU, u0)
      u1 = f64x2.mul(toU, u1)
      u2 = f64x2.mul(toU, u2)
      u3 = f64x2.mul(toU, u3)
      instant -= INSTANT
      inhibition -= INHIBITION
    }
    end = instant
    begin = instant - INSTANT
    by = tauFactorsOf(end)
    byJ = inhibitoryTauFactorsOf(end)
    if (next == 0 && isFirst) break
  }
  closeFirstStretches()
}

/** Takes up a lane that was met in the interval at work. */
function takeUpMet(n: i32): void {
  takeUp(lane(U, n), lane(I, n), lane(NOW, n))
  takeUpInhibition(lane(J, n))
}

/** Of pairs of lanes, the adjoint of the current that each weight drives. */
function driven(weight: v128, i: v128, j: v128): v128 {
  return v128.bitselect(i, j, f64x2.ge(weight, f64x2.splat(0)))
}

/** Stores the adjoint of all lanes, for those who look at it there. */
function setAside(
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
  i0: v128,
  i1: v128,
  i2: v128,
  i3: v128,
  j0: v128,
  j1: v128,
  j2: v128,
  j3: v128,
): void {
  v128.store(lanes + P_U, u0)
  v128.store(lanes + P_U, u1, 16)
  v128.store(lanes + P_U, u2, 32)
  v128.store(lanes + P_U, u3, 48)
  v128.store(lanes + P_I, i0)
  v128.store(lanes + P_I, i1, 16)
  v128.store(lanes + P_I, i2, 32)
  v128.store(lanes + P_I, i3, 48)
  v128.store(lanes + P_J, j0)
  v128.store(lanes + P_J, j1, 16)
  v128.store(lanes + P_J, j2, 32)
  v128.store(lanes + P_J, j3, 48)
  countWritten(STATE, 192)
}

/** The propagators back from one instant to another, and the rows of the arrivals undone on the way. */
function countQuietly(from: usize, to: usize, withArrivals: bool): void {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const dues = withArrivals ? intervals + 1 : intervals
  countBoth(GRADIENTS, 64 * rows)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 40 * intervals + 8 * dues + 4 * rows)
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
  j0: v128,
  j1: v128,
  j2: v128,
  j3: v128,
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
): void {
  const perSyn = f64x2.splat(perTauSyn())
  const perInh = f64x2.splat(perTauSynInh())
  const perMem = f64x2.splat(perTauMem())
  const g0 = f64x2.mul(u0, perMem)
  const e0 = f64x2.sub(f64x2.mul(i0, perSyn), g0)
  const f0 = f64x2.sub(f64x2.mul(j0, perInh), g0)
  const g1 = f64x2.mul(u1, perMem)
  const e1 = f64x2.sub(f64x2.mul(i1, perSyn), g1)
  const f1 = f64x2.sub(f64x2.mul(j1, perInh), g1)
  const g2 = f64x2.mul(u2, perMem)
  const e2 = f64x2.sub(f64x2.mul(i2, perSyn), g2)
  const f2 = f64x2.sub(f64x2.mul(j2, perInh), g2)
  const g3 = f64x2.mul(u3, perMem)
  const e3 = f64x2.sub(f64x2.mul(i3, perSyn), g3)
  const f3 = f64x2.sub(f64x2.mul(j3, perInh), g3)
  const sums = sumOf(octet, 0)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
    const row = octetWeights + <usize>load<u32>(arrival)
    const w0 = v128.load(row)
    const w1 = v128.load(row, 16)
    const w2 = v128.load(row, 32)
    const w3 = v128.load(row, 48)
    const first = f64x2.add(f64x2.mul(w0, driven(w0, e0, f0)), f64x2.mul(w1, driven(w1, e1, f1)))
    const second = f64x2.add(f64x2.mul(w2, driven(w2, e2, f2)), f64x2.mul(w3, driven(w3, e3, f3)))
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
      const weight = v128.load(octetWeights + offset + at)
      const told = driven(weight, v128.load(lanes + P_I + at), v128.load(lanes + P_J + at))
      v128.store(row, f64x2.add(v128.load(row), told))
    }
    countBoth(GRADIENTS, 64)
    countRead(WEIGHTS, 64)
    countRead(STATE, 128 + 192)
    countWritten(STATE, 64)
    countRead(SPIKES, 4)
    if (wantsTaus()) undoTauArrivalTwo(offset)
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

/** With the roundings of `sendEvents`. */
function gradientEvent(offset: usize, n: i32): f64 {
  const w = load<f64>(octetWeights + offset + 8 * <usize>n)
  const current = w >= 0 ? lane(P_I, n) * perTauSyn() : lane(P_J, n) * perTauSynInh()
  return w * (current - lane(P_U, n) * perTauMem())
}
