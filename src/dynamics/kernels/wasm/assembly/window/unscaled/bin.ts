import { binPlace, movedAt, neurons, states, sums } from '../../schema/window-header'
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
} from '../../schema/window-records'
import { prepareArrivals } from '../arrivals'
import { beginLog, candidate, dismissCandidates, loggedEntries } from '../candidates'
import { mostPoissonArrivals } from '../poisson-input'
import { dropReleased } from '../walk'
import { logWeights, prepareResponses, scatterResponses } from './arrivals'
import { chooseUnscaledCandidates } from './candidates'
import { courseOf } from './courses'
import { walkUnscaled } from './walk'

// As in ../bin.ts, for neurons whose state is both currents and the voltage less the bias, as they are:
//
//     tauMem U' = -U + I + J      tauSyn I' = -I      tauSynInh J' = -J
//
// What arrives in a bin is summed up as what it comes to at the end of that. Weights of at least 0 add to I, those below 0 to
// J, so that I >= 0 >= J also where both have the same time constant.

let walking: i32 = 0

/** Adds what arrives in the bin under way, and chooses the neurons that have to walk through it. */
export function enterUnscaledBin(): void {
  const mostArrivals = prepareArrivals() + mostPoissonArrivals()
  prepareResponses()
  scatterResponses(sumsHere())
  walking = chooseUnscaledCandidates(sumsHere(), mostArrivals)
}

/** Notes the arrivals at those that walk; returns how many entries the log has to have. */
export function logUnscaledBin(): u32 {
  if (walking == 0) return 0
  beginLog()
  logWeights()
  return loggedEntries()
}

/** Takes all neurons to the end of the bin. */
export function leaveUnscaledBin(): void {
  let moved = movedAt()
  for (let k = 0; k < walking; k++) moved = walkUnscaled(candidate(k), moved)
  if (walking > 0) {
    dismissCandidates()
    dropReleased()
  }
  pass(sumsHere())
  for (let at = movedAt(); at < moved; at += MOVED) {
    const state = states() + UNSCALED_STATE * <usize>load<u32>(at, MOVED_NEURON)
    v128.store(state, v128.load(at, MOVED_CURRENTS), UNSCALED_CURRENTS)
    store<f64>(state, load<f64>(at, MOVED_VOLTAGE), UNSCALED_VOLTAGE)
  }
}

function sumsHere(): usize {
  return sums() + UNSCALED_SUMS * <usize>((neurons() + 1) & ~1) * <usize>binPlace()
}

/** Brings the states to the start of the next bin, adds the sums to them, and sets these to 0. */
function pass(sum: usize): void {
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
}
