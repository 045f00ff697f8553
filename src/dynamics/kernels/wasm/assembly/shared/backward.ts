import { inhibitionOf } from '../events/inhibition-instants'
import { isInjectionAt } from '../events/injections'
import { beginOwnEvents, closeFirstSpikeIntervals, gradient, laneGroup, laneWeights } from '../events/own-events'
import { inhibitoryTauFactorsOf, tauFactorsOf } from '../events/tau-instants'
import { lanes, putRow } from '../lanes/lanes'
import { isTwo } from '../lanes/membrane'
import {
  endOfInterval,
  inhibitionOfEnd,
  inhibitoryTauFactorsOfEnd,
  isAlive,
  KEPT_TAU_FACTORS,
  keepInhibition,
  metLanes,
} from '../lanes/progress'
import { adjoints, eventSums, isFirstWindow, isLastWindow, wantsTaus } from '../schema/header'
import { NEXT_I, NEXT_J, NEXT_U, P_I, P_J, P_U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_SYN,
  GRADIENTS,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INSTANT,
  KAPPA,
  SPIKES,
  STATE,
  TAU_FACTORS,
  WEIGHTS,
} from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'
import { driven, sendEvents, setAside, undoArrivals } from './arrivals'
import { countQuietly } from './quiet-traffic'
import { backwardTauLanes, backwardTausQuietly, takeTausBack } from './taus'
import { beginWindow, last, leave, nextEvent, passMet, rest, undoOwnEvents } from './undoing'

/**
 * Undoes what a trial of a lane group whose neurons all meet the same arrivals did in a window, with pU, pI and pJ in registers.
 * Over an interval without own events
 *
 *     pI := e^{-D/tauSyn} pI + kappa(D) pU      pU := e^{-D/tauMem} pU
 *
 * and pJ like pI; at each arrival dL/dw += pI, or pJ where it inhibits.
 *
 * An interval that begins in an earlier window is gone through when that one is undone: until then the lanes that were met
 * in it are set aside, and the others wait at its end.
 */
export function undoSharedTrial<M>(trial: i32): void {
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
      if (!isOnly) {
        leave(0, false, last == rest ? end : rest + INSTANT, by)
        if (isTwo<M>()) keepInhibition(inhibition, byJ)
      }
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
    u1 = v128.load(lanes + P_U, 16)
    u2 = v128.load(lanes + P_U, 32)
    u3 = v128.load(lanes + P_U, 48)
    i0 = v128.load(lanes + P_I)
    i1 = v128.load(lanes + P_I, 16)
    i2 = v128.load(lanes + P_I, 32)
    i3 = v128.load(lanes + P_I, 48)
    if (isTwo<M>()) {
      j0 = v128.load(lanes + P_J)
      j1 = v128.load(lanes + P_J, 16)
      j2 = v128.load(lanes + P_J, 32)
      j3 = v128.load(lanes + P_J, 48)
    }
  }
  const sums = eventSums()
  for (;;) {
    // An interval with own events, or what is left of one.
    inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
    met = undoOwnEvents(trial, begin, end, met)
    if (met < 0) return
    if (begin == rest && !isFirst) {
      leave(met, true, end, by)
      if (isTwo<M>()) keepInhibition(inhibition, byJ)
      return
    }
    // With nothing left to undo, the first interval of a trial need not be gone through.
    if (begin != rest || met != 0) countInterval<M>(met != 0)
    const toU = v128.load_splat<f64>(end, DECAY_MEM)
    const toI = v128.load_splat<f64>(end, DECAY_SYN)
    const across = v128.load_splat<f64>(end, KAPPA)
    i0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
    i1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
    i2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
    i3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
    if (isTwo<M>()) {
      const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
      const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
      j0 = f64x2.add(f64x2.mul(toJ, j0), f64x2.mul(acrossJ, u0))
      j1 = f64x2.add(f64x2.mul(toJ, j1), f64x2.mul(acrossJ, u1))
      j2 = f64x2.add(f64x2.mul(toJ, j2), f64x2.mul(acrossJ, u2))
      j3 = f64x2.add(f64x2.mul(toJ, j3), f64x2.mul(acrossJ, u3))
    }
    u0 = f64x2.mul(toU, u0)
    u1 = f64x2.mul(toU, u1)
    u2 = f64x2.mul(toU, u2)
    u3 = f64x2.mul(toU, u3)
    if (met != 0) {
      inline.always(putRow(NEXT_U, u0, u1, u2, u3))
      inline.always(putRow(NEXT_I, i0, i1, i2, i3))
      if (isTwo<M>()) inline.always(putRow(NEXT_J, j0, j1, j2, j3))
      passMet(met, begin)
      u0 = v128.load(lanes + NEXT_U)
      u1 = v128.load(lanes + NEXT_U, 16)
      u2 = v128.load(lanes + NEXT_U, 32)
      u3 = v128.load(lanes + NEXT_U, 48)
      i0 = v128.load(lanes + NEXT_I)
      i1 = v128.load(lanes + NEXT_I, 16)
      i2 = v128.load(lanes + NEXT_I, 32)
      i3 = v128.load(lanes + NEXT_I, 48)
      if (isTwo<M>()) {
        j0 = v128.load(lanes + NEXT_J)
        j1 = v128.load(lanes + NEXT_J, 16)
        j2 = v128.load(lanes + NEXT_J, 32)
        j3 = v128.load(lanes + NEXT_J, 48)
      }
    }
    if (wantsTaus()) {
      backwardTauLanes<M>(end, by, byJ, inhibition)
      for (; met != 0; met &= met - 1) takeTausBack(ctz(met))
    }
    met = 0
    if (begin == rest) break
    const isPlain = !isInjectionAt(laneGroup, trial, begin)
    if (!isPlain) {
      inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      undoArrivals<M>(trial, begin)
      countWritten(STATE, isTwo<M>() ? 192 : 128)
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
      inline.always(setAside<M>(u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      backwardTausQuietly<M>(begin, to, isPlain)
    }
    const rows = countQuietly(begin, to, isPlain, perInterval<M>())
    let instant = begin
    if (isTwo<M>()) {
      // Of each weight the sign, too.
      countRead(WEIGHTS, 64 * rows)
      inhibition = inhibitionOf(begin)
    }
    for (let isDue = isPlain; ; isDue = true) {
      if (isDue) {
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
            v128.store(row, f64x2.add(v128.load(row, 16), i1), 16)
            v128.store(row, f64x2.add(v128.load(row, 32), i2), 32)
            v128.store(row, f64x2.add(v128.load(row, 48), i3), 48)
          }
        }
        if (sums != 0) inline.always(sendEvents<M>(instant, u0, u1, u2, u3, i0, i1, i2, i3, j0, j1, j2, j3))
      }
      if (instant <= to) break
      const toU = v128.load_splat<f64>(instant, DECAY_MEM)
      const toI = v128.load_splat<f64>(instant, DECAY_SYN)
      const across = v128.load_splat<f64>(instant, KAPPA)
      i0 = f64x2.add(f64x2.mul(toI, i0), f64x2.mul(across, u0))
      i1 = f64x2.add(f64x2.mul(toI, i1), f64x2.mul(across, u1))
      i2 = f64x2.add(f64x2.mul(toI, i2), f64x2.mul(across, u2))
      i3 = f64x2.add(f64x2.mul(toI, i3), f64x2.mul(across, u3))
      if (isTwo<M>()) {
        const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
        const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
        j0 = f64x2.add(f64x2.mul(toJ, j0), f64x2.mul(acrossJ, u0))
        j1 = f64x2.add(f64x2.mul(toJ, j1), f64x2.mul(acrossJ, u1))
        j2 = f64x2.add(f64x2.mul(toJ, j2), f64x2.mul(acrossJ, u2))
        j3 = f64x2.add(f64x2.mul(toJ, j3), f64x2.mul(acrossJ, u3))
      }
      u0 = f64x2.mul(toU, u0)
      u1 = f64x2.mul(toU, u1)
      u2 = f64x2.mul(toU, u2)
      u3 = f64x2.mul(toU, u3)
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

/** The propagators over an interval that a window does not end in; what is carried of lanes that are met in it. */
function countInterval<M>(isMet: bool): void {
  countRead(SPIKES, perInterval<M>())
  if (!isMet) return
  if (isTwo<M>()) countBoth(STATE, 192)
  if (!wantsTaus()) return
  // U, I, J, qU, qI, qJ and both z of all lanes; what these add up to.
  countRead(STATE, 64 * (isTwo<M>() ? 8 : 5))
  countWritten(STATE, 64 * (isTwo<M>() ? 5 : 3))
  countBoth(GRADIENTS, 64 * (isTwo<M>() ? 3 : 2))
}

function perInterval<M>(): usize {
  if (isTwo<M>()) return wantsTaus() ? 40 + 2 * TAU_FACTORS : 40
  return wantsTaus() ? 24 + TAU_FACTORS : 24
}
