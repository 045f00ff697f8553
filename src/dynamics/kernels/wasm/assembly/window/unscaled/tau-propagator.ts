import { COURSE_GAPS, COURSE_HALVINGS, COURSE_PER_MEM, COURSE_PER_SYNS } from '../../schema/window-records'
import { partOf, phi } from './propagator'

/** The factors of the last `propagateTausWithin`, as of `propagateWithin`, and their derivatives by the time constants. */
export let decayMem: f64 = 1
export let decaySyns: v128 = f64x2.splat(1)
export let kappas: v128 = f64x2.splat(0)
export let memByMem: f64 = 0
export let synsBySyn: v128 = f64x2.splat(0)
export let kappasByMem: v128 = f64x2.splat(0)
export let kappasBySyn: v128 = f64x2.splat(0)

/** Taylor's coefficients of `slope`, (k + 1) / (k + 2)!, and 1, twice each. */
const NUMBERS: usize = memory.data<f64>([
  1 / 2,
  1 / 2,
  1 / 3,
  1 / 3,
  1 / 8,
  1 / 8,
  1 / 30,
  1 / 30,
  1 / 144,
  1 / 144,
  1 / 840,
  1 / 840,
  1 / 5760,
  1 / 5760,
  1 / 45360,
  1 / 45360,
  1 / 403200,
  1 / 403200,
  1 / 3991680,
  1 / 3991680,
  1 / 43545600,
  1 / 43545600,
])
const LAST: usize = 160

/**
 * The propagator over D ms within a bin with its derivatives, psi = -dphi/dy:
 *
 *     dkappa/dtauSyn = D/tauMem e^{-D/tauMem} psi(y) D/tauSyn^2
 *     dkappa/dtauMem = D/tauMem^2 (kappa - D/tauMem e^{-D/tauMem} psi(y)) - kappa/tauMem
 */
export function propagateTausWithin(course: usize, d: f64): void {
  const halvings = load<i32>(course, COURSE_HALVINGS)
  const step = partOf(d, halvings)
  const per = load<f64>(course, COURSE_PER_MEM)
  const perSyns = v128.load(course, COURSE_PER_SYNS)
  const x = step * per
  const y = f64x2.mul(f64x2.splat(-step), v128.load(course, COURSE_GAPS))
  const ofSyns = phi(y)
  decayMem = 1 - x * f64x2.extract_lane(phi(f64x2.splat(-x)), 0)
  const mem = f64x2.splat(decayMem)
  const risen = f64x2.mul(f64x2.splat(x), mem)
  decaySyns = f64x2.mul(mem, f64x2.add(f64x2.splat(1), f64x2.mul(y, ofSyns)))
  kappas = f64x2.mul(risen, ofSyns)
  const bySyn = f64x2.mul(f64x2.splat(step), f64x2.mul(perSyns, perSyns))
  const bent = f64x2.mul(risen, slope(y))
  memByMem = x * per * decayMem
  synsBySyn = f64x2.mul(bySyn, decaySyns)
  kappasBySyn = f64x2.mul(bySyn, bent)
  kappasByMem = f64x2.sub(f64x2.mul(f64x2.splat(x * per), f64x2.sub(kappas, bent)), f64x2.mul(f64x2.splat(per), kappas))
  for (let k = 0; k < halvings; k++) double()
}

/** psi(-r) = (1 + e^r (r - 1)) / r^2 for |r| <= 1/4. */
function slope(r: v128): v128 {
  let sum = v128.load(NUMBERS + LAST)
  for (let place = LAST; place > 0; ) {
    place -= 16
    sum = f64x2.add(f64x2.mul(sum, r), v128.load(NUMBERS + place))
  }
  return sum
}

/** The same over twice the time: the propagator twice. */
function double(): void {
  const sums = f64x2.add(f64x2.splat(decayMem), decaySyns)
  kappasByMem = f64x2.add(f64x2.mul(kappasByMem, sums), f64x2.mul(kappas, f64x2.splat(memByMem)))
  kappasBySyn = f64x2.add(f64x2.mul(kappasBySyn, sums), f64x2.mul(kappas, synsBySyn))
  synsBySyn = f64x2.mul(f64x2.mul(f64x2.splat(2), decaySyns), synsBySyn)
  memByMem = 2 * decayMem * memByMem
  kappas = f64x2.mul(kappas, sums)
  decaySyns = f64x2.mul(decaySyns, decaySyns)
  decayMem *= decayMem
}
