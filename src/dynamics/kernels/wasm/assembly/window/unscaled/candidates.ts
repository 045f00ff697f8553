import { exp } from '../../numerics/exp'
import { adaptations, adapted, binEnd, limits, neurons, states, tops } from '../../schema/window-header'
import {
  COURSE_BIN_GROWTH,
  COURSE_BIN_KAPPAS,
  COURSE_BIN_MEM,
  COURSE_BIN_SYNS,
  COURSE_TAU_ADAPT,
  UNSCALED_CURRENTS,
  UNSCALED_STATE,
  UNSCALED_SUMS,
  UNSCALED_VOLTAGE,
} from '../../schema/window-records'
import { add, beginCandidates, candidateCount, lowestLevels } from '../candidates'
import { MARGIN, MARGIN_OF_ARRIVAL } from '../margins'
import { courseOf } from './courses'

/**
 * Lists the neurons that have to walk through the bin event by event; returns their number.
 *
 * The others provably stay below their threshold, and do not come above the maximum so far where that is wanted. With the
 * arrivals that excite alone, I + J >= -lack within the bin, where
 *
 *     lack = max(-J - I e^{-bin/tauSyn}, 0)        U(t) e^{t/tauMem} <= U(bin) e^{bin/tauMem} + lack (e^{bin/tauMem} - e^{t/tauMem})
 *
 * for I from before decays no faster, and J as it is at first is the most that inhibits. Arrivals that inhibit lower U.
 *
 * @param mostArrivals at one neuron; a walk adds them up in another order
 */
export function chooseUnscaledCandidates(sums: usize, mostArrivals: f64): i32 {
  beginCandidates()
  const all = neurons()
  const margin = MARGIN + MARGIN_OF_ARRIVAL * mostArrivals
  let state = states()
  let limit = tops() == 0 ? limits() : lowestLevels()
  for (let n = 0; n < all; n++) {
    const course = courseOf(n)
    const i = load<f64>(state, UNSCALED_CURRENTS)
    const j = load<f64>(state, UNSCALED_CURRENTS + 8)
    const u = load<f64>(state, UNSCALED_VOLTAGE)
    const arrived = load<f64>(sums, 8)
    const driven = f64x2.mul(v128.load(course, COURSE_BIN_KAPPAS), v128.load(state, UNSCALED_CURRENTS))
    const byExc = f64x2.extract_lane(driven, 0)
    const byInh = f64x2.extract_lane(driven, 1)
    const growth = load<f64>(course, COURSE_BIN_GROWTH)
    const end = u * load<f64>(course, COURSE_BIN_MEM) + (byExc + byInh) + arrived
    const lack = max(-j - i * load<f64>(course, COURSE_BIN_SYNS), 0)
    const rounding = margin * (abs(u) + byExc - byInh + arrived + growth * (i - j)) * (1 + growth)
    const most = max(end, end + end * growth) + (lack * growth + rounding)
    if (!(most < load<f64>(limit)) && !isRaised(n, course, most, load<f64>(limit))) add(n)
    state += UNSCALED_STATE
    sums += UNSCALED_SUMS
    limit += 8
  }
  return candidateCount()
}

/** Whether what own spikes have left a threshold raised by at the end of the bin rules a crossing out. */
function isRaised(n: i32, course: usize, most: f64, limit: f64): bool {
  const at: usize = 8 * <usize>n
  const a = load<f64>(adaptations() + at)
  if (a == 0) return false
  const left = a * exp((load<f64>(adapted() + at) - binEnd()) / load<f64>(course, COURSE_TAU_ADAPT))
  return most + MARGIN * (abs(limit) + left) < limit + left
}
