import { firstSpikeIntervals, tauMemSums, tauStates, tauSynInhSums, tauSynSums } from '../../schema/adjoint-header'
import {
  ADJOINT_AFTER,
  ADJOINT_CURRENTS,
  ADJOINT_TAUS_BY_MEM,
  ADJOINT_TAUS_BY_SYN,
  ADJOINT_TAUS_OF_VOLTAGE,
  ADJOINT_VOLTAGE,
  UNSCALED_ADJOINT,
} from '../../schema/adjoint-records'
import { bin } from '../../schema/window-header'
import { COURSE_PER_MEM } from '../../schema/window-records'
import { addTo } from '../adjoint-events'
import { spikeIntervalAt } from '../adjoint-spike-intervals'
import { Unscaled } from '../forms'
import { adjointOf, adjointTausOf } from './adjoint'
import {
  courseOf,
  decayMem,
  decaySyns,
  kappas,
  kappasByMem,
  kappasBySyn,
  perSyn,
  propagateTausWithin,
  synsBySyn,
} from './propagator'

/** What the factors at hand are of. */
let lastCourse: usize = 0
let lastStep: f64 = -1

/** Of the last `meet`: pI, or pJ, and pI/tauSyn - pV/tauMem. */
export let ofWeight: f64 = 0
export let ofTime: f64 = 0

/** No factors are at hand. */
export function forgetFactors(): void {
  lastStep = -1
}

/** What an arrival at x through a weight meets: dL/dw, and the gradient event but for the weight. */
export function meet(n: i32, x: f64, weight: f64): void {
  const first = <usize>load<u32>(firstSpikeIntervals() + 4 * <usize>n)
  const adjoint = first == 0 ? adjointOf(n) : spikeIntervalAt<Unscaled>(first, x)
  const course = courseOf(n)
  const step = bin() + load<f64>(adjoint, ADJOINT_AFTER) - x
  if (step != lastStep || course != lastCourse) {
    propagateTausWithin(course, step)
    lastStep = step
    lastCourse = course
  }
  const inhibits = <i32>(weight < 0)
  const pV = load<f64>(adjoint, ADJOINT_VOLTAGE)
  const current = load<f64>(adjoint + ((<usize>inhibits) << 3), ADJOINT_CURRENTS)
  ofWeight = current * laneOf(decaySyns, inhibits) + laneOf(kappas, inhibits) * pV
  ofTime = ofWeight * perSyn(course, inhibits) - decayMem * pV * load<f64>(course, COURSE_PER_MEM)
  if (tauStates() == 0) return
  const taus = first == 0 ? adjointTausOf(n) : adjoint + UNSCALED_ADJOINT
  const sign = (<usize>inhibits) << 3
  const byMem = load<f64>(taus + sign, ADJOINT_TAUS_BY_MEM)
  const bySyn = load<f64>(taus + sign, ADJOINT_TAUS_BY_SYN)
  const qU = load<f64>(taus, ADJOINT_TAUS_OF_VOLTAGE)
  const q = byMem * laneOf(decaySyns, inhibits) + (laneOf(kappas, inhibits) * qU + laneOf(kappasByMem, inhibits) * pV)
  const z =
    bySyn * laneOf(decaySyns, inhibits) + (laneOf(synsBySyn, inhibits) * current + laneOf(kappasBySyn, inhibits) * pV)
  addTo(tauMemSums(), n, weight * q)
  addTo(inhibits ? tauSynInhSums() : tauSynSums(), n, weight * z)
}

function laneOf(pair: v128, inhibits: i32): f64 {
  return inhibits ? f64x2.extract_lane(pair, 1) : f64x2.extract_lane(pair, 0)
}
