import { pairs, tauStates } from '../../schema/adjoint-header'
import {
  ADJOINT_AFTER,
  ADJOINT_CURRENTS,
  ADJOINT_TAUS_BY_MEM,
  ADJOINT_TAUS_BY_SYN,
  ADJOINT_TAUS_OF_VOLTAGE,
  ADJOINT_VOLTAGE,
  UNSCALED_ADJOINT,
  UNSCALED_TAUS,
} from '../../schema/adjoint-records'
import { bin, neurons } from '../../schema/window-header'
import {
  COURSE_BIN_KAPPAS,
  COURSE_BIN_MEM,
  COURSE_BIN_MEM_REST,
  COURSE_BIN_SYN_RESTS,
  COURSE_BIN_SYNS,
  COURSE_KAPPAS_BY_MEM,
  COURSE_KAPPAS_BY_SYN,
  COURSE_MEM_BY_MEM,
  COURSE_SYNS_BY_SYN,
} from '../../schema/window-records'
import {
  courseOf,
  decayMem,
  decaySyns,
  kappas,
  kappasByMem,
  kappasBySyn,
  memByMem,
  propagateTausWithin,
  synsBySyn,
} from './propagator'

/** Of an adjoint: what is smaller has no bearing on anything, and would take long to compute with. */
export const LEAST: f64 = 1e-290

export function adjointOf(n: i32): usize {
  return pairs() + UNSCALED_ADJOINT * <usize>n
}

/** What time constants have in it; 0 unless that is wanted. */
export function adjointTausOf(n: i32): usize {
  return tauStates() == 0 ? 0 : tauStates() + UNSCALED_TAUS * <usize>n
}

/** Brings the adjoint of a neuron, seen from `after`, back to x in the bin. */
export function carryTo(n: i32, x: f64): void {
  const adjoint = adjointOf(n)
  const end = bin() + load<f64>(adjoint, ADJOINT_AFTER)
  store<f64>(adjoint, x - bin(), ADJOINT_AFTER)
  if (end == x) return
  propagateTausWithin(courseOf(n), end - x)
  const pV = load<f64>(adjoint, ADJOINT_VOLTAGE)
  const voltage = f64x2.splat(pV)
  const currents = v128.load(adjoint, ADJOINT_CURRENTS)
  const taus = adjointTausOf(n)
  if (taus != 0) {
    const qU = load<f64>(taus, ADJOINT_TAUS_OF_VOLTAGE)
    const byMem = f64x2.add(
      f64x2.mul(v128.load(taus, ADJOINT_TAUS_BY_MEM), decaySyns),
      f64x2.add(f64x2.mul(kappas, f64x2.splat(qU)), f64x2.mul(kappasByMem, voltage)),
    )
    const bySyn = f64x2.add(
      f64x2.mul(v128.load(taus, ADJOINT_TAUS_BY_SYN), decaySyns),
      f64x2.add(f64x2.mul(synsBySyn, currents), f64x2.mul(kappasBySyn, voltage)),
    )
    v128.store(taus, byMem, ADJOINT_TAUS_BY_MEM)
    v128.store(taus, bySyn, ADJOINT_TAUS_BY_SYN)
    store<f64>(taus, decayMem * qU + memByMem * pV, ADJOINT_TAUS_OF_VOLTAGE)
  }
  v128.store(adjoint, f64x2.add(f64x2.mul(currents, decaySyns), f64x2.mul(kappas, voltage)), ADJOINT_CURRENTS)
  store<f64>(adjoint, decayMem * pV, ADJOINT_VOLTAGE)
}

/** Carries the adjoints from one bin to the end of the bin that is `count` before it; returns whether any is not 0. */
export function backwardUnscaledBins(count: i32): bool {
  let some = false
  for (let n = 0; n < neurons(); n++) {
    const adjoint = adjointOf(n)
    const taus = adjointTausOf(n)
    if (!isAny(adjoint, taus)) {
      store<f64>(adjoint, 0, ADJOINT_AFTER)
      continue
    }
    let left = count
    if (load<f64>(adjoint, ADJOINT_AFTER) != 0) {
      carryTo(n, 0)
      store<f64>(adjoint, 0, ADJOINT_AFTER)
      left--
    }
    for (; left > 0; left--) {
      carryOver(courseOf(n), adjoint, taus)
      if (!dropLeast(adjoint, taus)) break
    }
    some = some || isAny(adjoint, taus)
  }
  return some
}

/** Over a whole bin. */
function carryOver(course: usize, adjoint: usize, taus: usize): void {
  const pV = load<f64>(adjoint, ADJOINT_VOLTAGE)
  const voltage = f64x2.splat(pV)
  const currents = v128.load(adjoint, ADJOINT_CURRENTS)
  const ofBin = v128.load(course, COURSE_BIN_KAPPAS)
  if (taus != 0) {
    const qU = load<f64>(taus, ADJOINT_TAUS_OF_VOLTAGE)
    const byMem = f64x2.add(
      fallen(course, v128.load(taus, ADJOINT_TAUS_BY_MEM)),
      f64x2.add(f64x2.mul(ofBin, f64x2.splat(qU)), f64x2.mul(v128.load(course, COURSE_KAPPAS_BY_MEM), voltage)),
    )
    const ofCurrents = f64x2.mul(v128.load(course, COURSE_SYNS_BY_SYN), currents)
    const bySyn = f64x2.add(
      fallen(course, v128.load(taus, ADJOINT_TAUS_BY_SYN)),
      f64x2.add(ofCurrents, f64x2.mul(v128.load(course, COURSE_KAPPAS_BY_SYN), voltage)),
    )
    v128.store(taus, byMem, ADJOINT_TAUS_BY_MEM)
    v128.store(taus, bySyn, ADJOINT_TAUS_BY_SYN)
    const ofVoltage = membraneFallen(course, qU) + load<f64>(course, COURSE_MEM_BY_MEM) * pV
    store<f64>(taus, ofVoltage, ADJOINT_TAUS_OF_VOLTAGE)
  }
  v128.store(adjoint, f64x2.add(fallen(course, currents), f64x2.mul(ofBin, voltage)), ADJOINT_CURRENTS)
  store<f64>(adjoint, membraneFallen(course, pV), ADJOINT_VOLTAGE)
}

/** Times e^{-bin/tauSyn}. */
function fallen(course: usize, value: v128): v128 {
  return f64x2.add(
    f64x2.mul(value, v128.load(course, COURSE_BIN_SYNS)),
    f64x2.mul(value, v128.load(course, COURSE_BIN_SYN_RESTS)),
  )
}

/** Times e^{-bin/tauMem}. */
function membraneFallen(course: usize, value: f64): f64 {
  return value * load<f64>(course, COURSE_BIN_MEM) + value * load<f64>(course, COURSE_BIN_MEM_REST)
}

/** Whether anything of an adjoint is not 0. */
function isAny(adjoint: usize, taus: usize): bool {
  const some = v128.or(v128.load(adjoint, ADJOINT_CURRENTS), v128.load64_zero(adjoint, ADJOINT_VOLTAGE))
  if (taus == 0) return v128.any_true(some)
  const ofTaus = v128.or(v128.load(taus, ADJOINT_TAUS_BY_MEM), v128.load(taus, ADJOINT_TAUS_BY_SYN))
  return v128.any_true(v128.or(v128.or(some, ofTaus), v128.load64_zero(taus, ADJOINT_TAUS_OF_VOLTAGE)))
}

/** Drops what has become too small; returns whether anything is left. */
function dropLeast(adjoint: usize, taus: usize): bool {
  dropPair(adjoint + ADJOINT_CURRENTS)
  dropOne(adjoint + ADJOINT_VOLTAGE)
  if (taus != 0) {
    dropPair(taus + ADJOINT_TAUS_BY_MEM)
    dropPair(taus + ADJOINT_TAUS_BY_SYN)
    dropOne(taus + ADJOINT_TAUS_OF_VOLTAGE)
  }
  return isAny(adjoint, taus)
}

function dropPair(at: usize): void {
  const now = v128.load(at)
  v128.store(at, v128.and(now, f64x2.ge(f64x2.abs(now), f64x2.splat(LEAST))))
}

function dropOne(at: usize): void {
  if (!(abs(load<f64>(at)) >= LEAST)) store<f64>(at, 0)
}
