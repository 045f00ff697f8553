import { isInjectionAt } from '../events/injections'
import { inhibitionOf, inhibitoryTauFactorsOf, tauFactorsOf } from '../events/instant-factors'
import { beginOwnEvents, closeFirstSpikeIntervals, gradient, laneGroup, laneWeights } from '../events/own-events'
import { lanes, putRow } from '../lanes/lanes'
import {
  driven,
  isOne,
  isPerNeuron,
  isTwo,
  isWide,
  propagateTo,
  takeUpPerNeuronConstants,
  work,
} from '../lanes/membrane'
import { isPolynomial } from '../lanes/polynomial'
import { adjoints, eventSums, isFirstWindow, isLastWindow, wantsTaus } from '../schema/header'
import { NEXT_I, NEXT_J, NEXT_U, P_I, P_J, P_U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_SYN,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INSTANT,
  KAPPA,
  Work,
} from '../schema/records'
import { sendEvents, setAside, undoArrivals } from './arrivals'
import { backwardTauLanes, backwardTausPerNeuron, backwardTausQuietly, takeTausBack, undoOwnInstant } from './taus'
import { countInterval, countOwnInterval, countQuietly } from './traffic'
import {
  beginWindow,
  countWindow,
  endOfInterval,
  inhibitionOfEnd,
  inhibitoryTauFactorsOfEnd,
  isAlive,
  isSpikeIn,
  KEPT_TAU_FACTORS,
  last,
  leave,
  metLanes,
  nextEvent,
  passMet,
  rest,
  undoFalls,
  undoOwnEvents,
} from './undoing'

/**
 * Undoes what a trial of a lane group whose neurons all meet the same arrivals did in a window, with pU, pI and pJ in registers.
 * Over an interval without own events
 *
 *     pI := e^{-D/tauSyn} pI + kappa(D) pU      pU := e^{-D/tauMem} pU
 *
 * and pJ like pI; at each arrival dL/dw += pI, or pJ where it inhibits.
 *
 * An interval that begins in an earlier window is gone through when that one is undone: until then the lanes that were met
 * in it are set aside, and the others wait at its end. Polynomial lanes are carried to its start at once, where their own
 * events are undone.
 */
export function undoSharedTrial<M>(trial: i32): void {
  if (isPerNeuron<M>()) takeUpPerNeuronConstants(laneGroup)
  const isOnly = adjoints() == 0
  const isLast = isOnly || isLastWindow()
  const isFirst = isOnly || isFirstWindow()
  beginWindow(trial, isLast)
  // The instant that ends the interval at work, and what `writeTauFactors` has noted of it.
  let end = isLast ? last + INSTANT : endOfInterval()
  let by = isLast ? tauFactorsOf(end) : lanes + KEPT_TAU_FACTORS
  let byJ: usize = 0
  let inhibition: usize = 0
  if (isTwo<M>()) {
    byJ = isLast ? inhibitoryTauFactorsOf(end) : inhibitoryTauFactorsOfEnd()
    inhibition = isLast ? inhibitionOf(end) : inhibitionOfEnd()
  }
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
      if (!isOnly) leave(0, false, last == rest ? end : rest + INSTANT, by, inhibition, byJ)
      return
    }
    beginOwnEvents()
    if (next != last) {
      begin = next
      end = next + INSTANT
      by = tauFactorsOf(end)
      if (isTwo<M>()) {
        byJ = inhibitoryTauFactorsOf(end)
        inhibition = inhibitionOf(end)
      }
    }
  } else {
    u0 = v128.load(lanes + P_U)
    if (isWide<M>()) u1 = v128.load(lanes + P_U, 16)
    if (isWide<M>()) u2 = v128.load(lanes + P_U, 32)
    if (isWide<M>()) u3 = v128.load(lanes + P_U, 48)
    i0 = v128.load(lanes + P_I)
    if (isWide<M>()) i1 = v128.load(lanes + P_I, 16)
    if (isWide<M>()) i2 = v128.load(lanes + P_I, 32)
    if (isWide<M>()) i3 = v128.load(lanes + P_I, 48)
    if (isTwo<M>()) {
      j0 = v128.load(lanes + P_J)
      j1 = v128.load(lanes + P_J, 16)
      j2 = v128.load(lanes + P_J, 32)
      j3 = v128.load(lanes + P_J, 48)
    }
  }
  const sums = eventSums()
  const runsByPolynomials = isOne<M>() && !wantsTaus() && isPolynomial(0)
  // Polynomial lanes have been carried to the start of the interval with the window that it ends in.
  let isCarried = runsByPolynomials && !isLast
  if (runsByPolynomials) countWindow()
  for (;;) {
    // An interval with own events, or what is left of one.
    if (!runsByPolynomials) {
      inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      met = undoOwnEvents(trial, begin, end, met)
      if (met < 0) return
      if (begin == rest && !isFirst) {
        leave(met, true, end, by, inhibition, byJ)
        return
      }
    }
    // With nothing left to undo, the first interval of a trial need not be gone through.
    const isNeeded = begin != rest || !isFirst || (runsByPolynomials ? isSpikeIn(begin) : met != 0)
    if (isNeeded && !isCarried) countInterval<M>(met != 0)
    if (isPerNeuron<M>()) propagateTo(end)
    const toU0 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM) : v128.load_splat<f64>(end, DECAY_MEM)
    const toU1 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 16) : toU0
    const toU2 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 32) : toU0
    const toU3 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 48) : toU0
    const toI0 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN) : v128.load_splat<f64>(end, DECAY_SYN)
    const toI1 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 16) : toI0
    const toI2 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 32) : toI0
    const toI3 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 48) : toI0
    const across0 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA) : v128.load_splat<f64>(end, KAPPA)
    const across1 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 16) : across0
    const across2 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 32) : across0
    const across3 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 48) : across0
    if (!isCarried) {
      i0 = f64x2.add(f64x2.mul(toI0, i0), f64x2.mul(across0, u0))
      if (isWide<M>()) i1 = f64x2.add(f64x2.mul(toI1, i1), f64x2.mul(across1, u1))
      if (isWide<M>()) i2 = f64x2.add(f64x2.mul(toI2, i2), f64x2.mul(across2, u2))
      if (isWide<M>()) i3 = f64x2.add(f64x2.mul(toI3, i3), f64x2.mul(across3, u3))
      if (isTwo<M>()) {
        const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
        const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
        j0 = f64x2.add(f64x2.mul(toJ, j0), f64x2.mul(acrossJ, u0))
        j1 = f64x2.add(f64x2.mul(toJ, j1), f64x2.mul(acrossJ, u1))
        j2 = f64x2.add(f64x2.mul(toJ, j2), f64x2.mul(acrossJ, u2))
        j3 = f64x2.add(f64x2.mul(toJ, j3), f64x2.mul(acrossJ, u3))
      }
      u0 = f64x2.mul(toU0, u0)
      if (isWide<M>()) u1 = f64x2.mul(toU1, u1)
      if (isWide<M>()) u2 = f64x2.mul(toU2, u2)
      if (isWide<M>()) u3 = f64x2.mul(toU3, u3)
    }
    isCarried = false
    if (runsByPolynomials || met != 0) {
      inline.always(putRow(NEXT_U, u0, u1, u2, u3))
      inline.always(putRow(NEXT_I, i0, i1, i2, i3))
      if (isTwo<M>()) inline.always(putRow(NEXT_J, j0, j1, j2, j3))
      if (!runsByPolynomials) passMet(met, begin)
      else if (!undoFalls(trial, begin)) return
      u0 = v128.load(lanes + NEXT_U)
      if (isWide<M>()) u1 = v128.load(lanes + NEXT_U, 16)
      if (isWide<M>()) u2 = v128.load(lanes + NEXT_U, 32)
      if (isWide<M>()) u3 = v128.load(lanes + NEXT_U, 48)
      i0 = v128.load(lanes + NEXT_I)
      if (isWide<M>()) i1 = v128.load(lanes + NEXT_I, 16)
      if (isWide<M>()) i2 = v128.load(lanes + NEXT_I, 32)
      if (isWide<M>()) i3 = v128.load(lanes + NEXT_I, 48)
      if (isTwo<M>()) {
        j0 = v128.load(lanes + NEXT_J)
        j1 = v128.load(lanes + NEXT_J, 16)
        j2 = v128.load(lanes + NEXT_J, 32)
        j3 = v128.load(lanes + NEXT_J, 48)
      }
      if (runsByPolynomials && begin == rest && !isFirst) {
        inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
        leave(0, true, end, by, inhibition, byJ)
        return
      }
    }
    if (wantsTaus()) {
      if (isPerNeuron<M>()) backwardTausPerNeuron(end)
      else backwardTauLanes<M>(end, by, byJ, inhibition)
      for (; met != 0; met &= met - 1) takeTausBack(ctz(met))
    }
    met = 0
    if (begin == rest) break
    const isPlain = !isInjectionAt(laneGroup, trial, begin)
    if (!isPlain) {
      inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      undoArrivals<M>(trial, begin)
      u0 = v128.load(lanes + P_U)
      if (isWide<M>()) u1 = v128.load(lanes + P_U, 16)
      if (isWide<M>()) u2 = v128.load(lanes + P_U, 32)
      if (isWide<M>()) u3 = v128.load(lanes + P_U, 48)
    }
    // Intervals without any, and the arrivals between them, up to the next interval with some.
    const next = nextEvent(trial)
    // With nothing left to undo, the first interval remains: of the window, or of the trial, before which nothing arrives.
    const to = (next == 0 ? rest : next) + INSTANT
    if (wantsTaus() && !isPerNeuron<M>()) {
      inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      backwardTausQuietly<M>(begin, to, isPlain)
    }
    if (!isPerNeuron<M>()) countQuietly<M>(begin, to, isPlain)
    let instant = begin
    if (isTwo<M>()) inhibition = inhibitionOf(begin)
    for (let isDue = isPlain; ; isDue = true) {
      if (isDue) {
        if (isPerNeuron<M>()) undoOwnInstant(instant)
        const stop = <usize>load<u32>(instant, ARRIVALS)
        for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
          arrival -= ARRIVAL
          const row = gradient + <usize>load<u32>(arrival)
          if (isTwo<M>()) {
            const weight = laneWeights + <usize>load<u32>(arrival)
            v128.store(row, f64x2.add(v128.load(row), driven(v128.load(weight), i0, j0)))
            v128.store(row, f64x2.add(v128.load(row, 16), driven(v128.load(weight, 16), i1, j1)), 16)
            v128.store(row, f64x2.add(v128.load(row, 32), driven(v128.load(weight, 32), i2, j2)), 32)
            v128.store(row, f64x2.add(v128.load(row, 48), driven(v128.load(weight, 48), i3, j3)), 48)
          } else {
            v128.store(row, f64x2.add(v128.load(row), i0))
            if (isWide<M>()) v128.store(row, f64x2.add(v128.load(row, 16), i1), 16)
            if (isWide<M>()) v128.store(row, f64x2.add(v128.load(row, 32), i2), 32)
            if (isWide<M>()) v128.store(row, f64x2.add(v128.load(row, 48), i3), 48)
          }
        }
        if (sums != 0) inline.always(sendEvents<M>(instant, u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      }
      if (instant <= to) break
      if (isPerNeuron<M>()) {
        countOwnInterval()
        propagateTo(instant)
        if (wantsTaus()) {
          inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
          backwardTausPerNeuron(instant)
        }
      }
      const toU0 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM) : v128.load_splat<f64>(instant, DECAY_MEM)
      const toU1 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 16) : toU0
      const toU2 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 32) : toU0
      const toU3 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 48) : toU0
      const toI0 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN) : v128.load_splat<f64>(instant, DECAY_SYN)
      const toI1 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 16) : toI0
      const toI2 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 32) : toI0
      const toI3 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 48) : toI0
      const across0 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA) : v128.load_splat<f64>(instant, KAPPA)
      const across1 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 16) : across0
      const across2 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 32) : across0
      const across3 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 48) : across0
      i0 = f64x2.add(f64x2.mul(toI0, i0), f64x2.mul(across0, u0))
      if (isWide<M>()) i1 = f64x2.add(f64x2.mul(toI1, i1), f64x2.mul(across1, u1))
      if (isWide<M>()) i2 = f64x2.add(f64x2.mul(toI2, i2), f64x2.mul(across2, u2))
      if (isWide<M>()) i3 = f64x2.add(f64x2.mul(toI3, i3), f64x2.mul(across3, u3))
      if (isTwo<M>()) {
        const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
        const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
        j0 = f64x2.add(f64x2.mul(toJ, j0), f64x2.mul(acrossJ, u0))
        j1 = f64x2.add(f64x2.mul(toJ, j1), f64x2.mul(acrossJ, u1))
        j2 = f64x2.add(f64x2.mul(toJ, j2), f64x2.mul(acrossJ, u2))
        j3 = f64x2.add(f64x2.mul(toJ, j3), f64x2.mul(acrossJ, u3))
      }
      u0 = f64x2.mul(toU0, u0)
      if (isWide<M>()) u1 = f64x2.mul(toU1, u1)
      if (isWide<M>()) u2 = f64x2.mul(toU2, u2)
      if (isWide<M>()) u3 = f64x2.mul(toU3, u3)
      instant -= INSTANT
      if (isTwo<M>()) inhibition -= INHIBITION
    }
    end = instant
    begin = instant - INSTANT
    by = tauFactorsOf(end)
    if (isTwo<M>()) byJ = inhibitoryTauFactorsOf(end)
    if (next == 0 && isFirst) break
  }
  closeFirstSpikeIntervals()
}
