import { earlyMomentOfPair, expm1OfNearPair, expOfPair, lateMomentOfPair, NEAR } from '../numerics/exp-pair'
import { perNeuronWork, tausPerNeuron } from '../schema/header'
import { Own, START, TAUS_PER_NEURON, TIME, Work } from '../schema/records'

/**
 * What the loops over lanes are generic in: the membrane that they carry through time. A loop is written once, and compiled
 * for each of these.
 */

/** One synaptic current, I. */
export class OneCurrent {}

/** The same, in a lane group whose neurons take up no more than the first of its pairs of lanes: the others stay 0. */
export class OnePair {}

/** Two: I of excitatory synapses, J of inhibitory ones. */
export class TwoCurrents {}

/** One current, where every neuron has time constants of its own: each lane has factors of its own over an interval. */
export class PerNeuronConstants {}

/** Known when a function is compiled: of an `if` the other branch is left out. */
export function isOne<M>(): bool {
  return idof<M>() == idof<OneCurrent>() || idof<M>() == idof<OnePair>()
}

/** Whether there is more than one pair of lanes; the same. */
export function isWide<M>(): bool {
  return idof<M>() != idof<OnePair>()
}

/** The same. */
export function isTwo<M>(): bool {
  return idof<M>() == idof<TwoCurrents>()
}

/** The same. */
export function isPerNeuron<M>(): bool {
  return idof<M>() == idof<PerNeuronConstants>()
}

/** Of a pair of lanes, what belongs to the current that each weight drives, by its sign. */
export function driven(weight: v128, excitatory: v128, inhibitory: v128): v128 {
  return v128.bitselect(excitatory, inhibitory, f64x2.ge(weight, f64x2.splat(0)))
}

/** Where the time constants of the lane group at work are, and its factors: `TAUS_PER_NEURON` and `PER_NEURON_WORK`. */
export let taus: usize = 0
export let work: usize = 0

/** Takes up a lane group whose lanes have time constants of their own. */
export function takeUpPerNeuronConstants(laneGroup: i32): void {
  taus = tausPerNeuron() + TAUS_PER_NEURON * <usize>laneGroup
  work = perNeuronWork()
}

/** `largestKappa` of two lanes over the interval before an instant, after `propagateTo`. */
export function boundTo(instant: usize, at: usize): v128 {
  const d = f64x2.splat(load<f64>(instant, TIME) - load<f64>(instant, START))
  const rounding = f64x2.splat(load<f64>(instant, TIME) * f64.EPSILON)
  const rising = f64x2.add(v128.load(work + at, Work.KAPPA), f64x2.mul(rounding, v128.load(taus + at, Own.PER_TAU_MEM)))
  return v128.bitselect(rising, v128.load(taus + at, Own.PEAK_KAPPA), f64x2.lt(d, v128.load(taus + at, Own.PEAK_TIME)))
}

/** Longer than any interval that leaves anything, and finite: 0 times it is 0. */
export const FAR: f64 = 1e300

/**
 * The propagator of the lane group at work over the D ms before an instant, of each lane by its own time constants: rows of
 * `PER_NEURON_WORK`.
 *
 *     slow = e^{-D/tau} of the longer time constant tau      fast = slow e^{-y}      y = |1/tauMem - 1/tauSyn| D
 *     kappa(D) = slow · scale (1 - e^{-y}), slow D/tauMem where both are equal
 */
export function propagateTo(instant: usize): void {
  const d = load<f64>(instant, TIME) - load<f64>(instant, START)
  const ahead = f64x2.splat(min(d, FAR))
  if (d < load<f64>(taus, Own.NEAR))
    for (let at: usize = 0; at < 64; at += 16) inline.always(propagateNearPair(taus + at, work + at, ahead))
  else for (let at: usize = 0; at < 64; at += 16) propagatePair(taus + at, work + at, ahead)
}

/** The same of two lanes, each over a time of its own up to `FAR`. */
export function propagatePair(taus: usize, work: usize, d: v128): void {
  const one = f64x2.splat(1)
  const back = f64x2.neg(d)
  const slow = expOfPair(f64x2.mul(back, v128.load(taus, Own.PER_SLOWER)))
  const x = f64x2.mul(back, v128.load(taus, Own.RATE))
  const left = expOfPair(x)
  const isNear = f64x2.gt(x, f64x2.splat(-NEAR))
  const less = v128.bitselect(expm1OfNearPair(x), f64x2.sub(left, one), isNear)
  inline.always(note(taus, work, d, slow, f64x2.mul(slow, left), less))
}

/** The same where no exponent has to be reduced. */
function propagateNearPair(taus: usize, work: usize, d: v128): void {
  const back = f64x2.neg(d)
  const slow = f64x2.add(f64x2.splat(1), expm1OfNearPair(f64x2.mul(back, v128.load(taus, Own.PER_SLOWER))))
  const less = expm1OfNearPair(f64x2.mul(back, v128.load(taus, Own.RATE)))
  inline.always(note(taus, work, d, slow, f64x2.add(slow, f64x2.mul(slow, less)), less))
}

/** @param less e^{-y} - 1 */
function note(taus: usize, work: usize, d: v128, slow: v128, fast: v128, less: v128): void {
  const isMembrane = v128.load(taus, Own.IS_MEMBRANE)
  const equal = f64x2.mul(d, v128.load(taus, Own.EQUAL))
  const share = f64x2.sub(equal, f64x2.mul(v128.load(taus, Own.SCALE), less))
  v128.store(work, v128.bitselect(slow, fast, isMembrane), Work.DECAY_MEM)
  v128.store(work, v128.bitselect(fast, slow, isMembrane), Work.DECAY_SYN)
  v128.store(work, f64x2.mul(slow, share), Work.KAPPA)
}

/** The derivatives of the propagator of two lanes, each over a time of its own, after `propagatePair`; see `differentiate`. */
export function differentiatePair(taus: usize, work: usize, time: v128): void {
  const perMem = v128.load(taus, Own.PER_TAU_MEM)
  const perSyn = v128.load(taus, Own.PER_TAU_SYN)
  const isMembrane = v128.load(taus, Own.IS_MEMBRANE)
  const toU = v128.load(work, Work.DECAY_MEM)
  const toI = v128.load(work, Work.DECAY_SYN)
  const y = f64x2.mul(time, v128.load(taus, Own.RATE))
  const late = lateMomentOfPair(y)
  const early = earlyMomentOfPair(y, late)
  const slow = f64x2.mul(f64x2.mul(time, time), v128.bitselect(toU, toI, isMembrane))
  const ofMem = f64x2.mul(slow, v128.bitselect(late, early, isMembrane))
  const ofSyn = f64x2.mul(slow, v128.bitselect(early, late, isMembrane))
  const byMem = f64x2.sub(f64x2.mul(f64x2.mul(ofMem, perMem), perMem), v128.load(work, Work.KAPPA))
  v128.store(work, f64x2.mul(f64x2.mul(toU, f64x2.mul(time, perMem)), perMem), Work.DECAY_MEM_BY_MEM)
  v128.store(work, f64x2.mul(byMem, perMem), Work.KAPPA_BY_MEM)
  v128.store(work, f64x2.mul(f64x2.mul(toI, f64x2.mul(time, perSyn)), perSyn), Work.DECAY_SYN_BY_SYN)
  v128.store(work, f64x2.mul(f64x2.mul(f64x2.mul(ofSyn, perMem), perSyn), perSyn), Work.KAPPA_BY_SYN)
}
