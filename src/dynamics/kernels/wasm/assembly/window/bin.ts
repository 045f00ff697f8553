import {
  binPlace,
  binShear,
  isSheared,
  isUnscaled,
  keepRests,
  keeps,
  movedAt,
  neurons,
  states,
  sums,
} from '../schema/window-header'
import {
  COURSE_BIN_KAPPAS,
  COURSE_BIN_MEM,
  COURSE_BIN_MEM_REST,
  COURSE_BIN_SYN_RESTS,
  COURSE_BIN_SYNS,
  MOVED,
  MOVED_CURRENTS,
  MOVED_NEURON,
  MOVED_VOLTAGE,
  UNSCALED_CURRENTS,
  UNSCALED_STATE,
  UNSCALED_SUM_EXC,
  UNSCALED_SUM_INH,
  UNSCALED_SUMS,
  UNSCALED_VOLTAGE,
} from '../schema/window-records'
import { prepareArrivals, prepareResponses, scatterArrivals, scatterResponses } from './arrivals'
import { candidate, chooseCandidates, chooseUnscaledCandidates, dismissCandidates } from './candidates'
import { logArrivals } from './events'
import { Scaled, Unscaled } from './forms'
import { dropReleased } from './own-spikes'
import { mostPoissonArrivals } from './poisson-input'
import { courseOf } from './unscaled/propagator'
import { walk } from './walk'

let walking: i32 = 0

/** Adds what arrives in the current bin, and chooses the neurons that have to walk through it. */
export function enterBin(): void {
  const here = sumsHere()
  const mostArrivals = prepareArrivals() + mostPoissonArrivals()
  if (isUnscaled()) {
    prepareResponses()
    scatterResponses(here)
    walking = chooseUnscaledCandidates(here, mostArrivals)
    return
  }
  scatterArrivals(here, 1)
  walking = chooseCandidates(here, mostArrivals)
  scatterArrivals(here, 0)
}

/** Notes the arrivals at those that walk; returns how many entries the log has to have. */
export function logBin(): u32 {
  return walking == 0 ? 0 : logArrivals()
}

/** Takes all neurons to the end of the bin. */
export function leaveBin(): void {
  const here = sumsHere()
  let moved = movedAt()
  for (let k = 0; k < walking; k++) {
    const n = candidate(k)
    if (isUnscaled()) moved = walk<Unscaled>(n, moved)
    else walk<Scaled>(n, here + 16 * <usize>n)
  }
  if (walking > 0) {
    dismissCandidates()
    dropReleased()
  }
  if (isUnscaled()) passUnscaled(here, moved)
  else pass(here)
}

/** The sums of the bin. */
function sumsHere(): usize {
  const size = isUnscaled() ? UNSCALED_SUMS : 16
  return sums() + size * <usize>((neurons() + 1) & ~1) * <usize>binPlace()
}

/** Adds the sums to the states, brings these to the start of the next bin, and sets the sums to 0. */
function pass(sum: usize): void {
  if (isSheared()) shearStates(sum)
  const keep = keeps()
  const rest = keepRests()
  let state = states()
  const end = state + 16 * <usize>neurons()
  for (; state < end; state += 16) {
    const now = f64x2.add(v128.load(state), v128.load(sum))
    v128.store(state, f64x2.add(f64x2.mul(now, keep), f64x2.mul(now, rest)))
    v128.store(sum, f64x2.splat(0))
    sum += 16
  }
}

/** Adds to the sums of the voltage what the current has come to in it by the end of the bin: see growth.ts. */
function shearStates(sum: usize): void {
  const shear = binShear()
  const end = states() + 16 * <usize>neurons()
  for (let state = states(); state < end; state += 16) {
    const current = load<f64>(state) + load<f64>(sum)
    store<f64>(sum, load<f64>(sum, 8) + current * shear, 8)
    sum += 16
  }
}

/**
 * The same for neurons whose state is both currents and the voltage less the bias, as they are:
 *
 *     tauMem U' = -U + I + J      tauSyn I' = -I      tauSynInh J' = -J
 *
 * What arrives in a bin is summed up as what it comes to at the end of that, and added behind the step. Weights of at least 0 add
 * to I, those below 0 to J, so that I >= 0 >= J also where both have the same time constant.
 *
 * @param movedEnd behind the notes of neurons that had an own event in the bin, which come to what those say
 */
function passUnscaled(sum: usize, movedEnd: usize): void {
  const all = neurons()
  let state = states()
  for (let n = 0; n < all; n++) {
    const course = courseOf(n)
    const exc = v128.load(sum, UNSCALED_SUM_EXC)
    const inh = v128.load(sum, UNSCALED_SUM_INH)
    v128.store(sum, f64x2.splat(0), UNSCALED_SUM_EXC)
    v128.store(sum, f64x2.splat(0), UNSCALED_SUM_INH)
    const currents = v128.load(state, UNSCALED_CURRENTS)
    const u = load<f64>(state, UNSCALED_VOLTAGE)
    const driven = f64x2.mul(v128.load(course, COURSE_BIN_KAPPAS), currents)
    const left = f64x2.add(
      f64x2.mul(currents, v128.load(course, COURSE_BIN_SYNS)),
      f64x2.mul(currents, v128.load(course, COURSE_BIN_SYN_RESTS)),
    )
    v128.store(state, f64x2.add(left, v128.shuffle<i64>(exc, inh, 0, 2)), UNSCALED_CURRENTS)
    const fallen = u * load<f64>(course, COURSE_BIN_MEM) + u * load<f64>(course, COURSE_BIN_MEM_REST)
    const risen = f64x2.extract_lane(driven, 0) + f64x2.extract_lane(driven, 1)
    const arrived = f64x2.extract_lane(exc, 1) + f64x2.extract_lane(inh, 1)
    store<f64>(state, fallen + risen + arrived, UNSCALED_VOLTAGE)
    state += UNSCALED_STATE
    sum += UNSCALED_SUMS
  }
  for (let at = movedAt(); at < movedEnd; at += MOVED) {
    const own = states() + UNSCALED_STATE * <usize>load<u32>(at, MOVED_NEURON)
    v128.store(own, v128.load(at, MOVED_CURRENTS), UNSCALED_CURRENTS)
    store<f64>(own, load<f64>(at, MOVED_VOLTAGE), UNSCALED_VOLTAGE)
  }
}
