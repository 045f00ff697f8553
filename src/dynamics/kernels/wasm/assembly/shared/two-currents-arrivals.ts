import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { sumOf } from '../gradients/returned-events'
import { lane, lanes, putRow, setLane } from '../lanes/lanes'
import { perTauMem, perTauSyn, perTauSynInh, wantsTaus } from '../schema/header'
import { EVENTS, P_I, P_J, P_U } from '../schema/lanes'
import { ARRIVAL, ARRIVALS, ARRIVALS_END, GRADIENTS, SLOT, SPIKES, STATE, WEIGHTS } from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'
import { finishArrival } from './arrivals'
import { undoTauArrivalTwo } from './two-currents-taus'

/** Of pairs of lanes, the adjoint of the current that each weight drives. */
export function driven(weight: v128, i: v128, j: v128): v128 {
  return v128.bitselect(i, j, f64x2.ge(weight, f64x2.splat(0)))
}

/** Stores the adjoint of all lanes, for those who look at it there. */
export function setAside(
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
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
  inline.always(putRow(P_J, j0, j1, j2, j3))
}

/** The gradient events of an instant's arrivals, summed over the lane group as in src/numerics/block-sum.ts: two lane sums. */
export function sendEvents(
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
  const sums = sumOf(laneGroup, 0)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
    const row = laneWeights + <usize>load<u32>(arrival)
    const w0 = v128.load(row)
    const w1 = v128.load(row, 16)
    const w2 = v128.load(row, 32)
    const w3 = v128.load(row, 48)
    const first = f64x2.add(f64x2.mul(w0, driven(w0, e0, f0)), f64x2.mul(w1, driven(w1, e1, f1)))
    const second = f64x2.add(f64x2.mul(w2, driven(w2, e2, f2)), f64x2.mul(w3, driven(w3, e3, f3)))
    v128.store(sums + 16 * <usize>load<u32>(arrival, SLOT), f64x2.add(first, second))
  }
}

/** Undoes the arrivals of an instant one by one. */
export function undoArrivals(trial: i32, instant: usize): void {
  countRead(SPIKES, 8)
  const stop = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
    arrival -= ARRIVAL
    const offset = <usize>load<u32>(arrival)
    for (let at: usize = 0; at < 64; at += 16) {
      const row = gradient + offset + at
      const weight = v128.load(laneWeights + offset + at)
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
    finishArrival(trial, instant, arrival)
  }
}

/** With the roundings of `sendEvents`. */
function gradientEvent(offset: usize, n: i32): f64 {
  const w = load<f64>(laneWeights + offset + 8 * <usize>n)
  const current = w >= 0 ? lane(P_I, n) * perTauSyn() : lane(P_J, n) * perTauSynInh()
  return w * (current - lane(P_U, n) * perTauMem())
}
