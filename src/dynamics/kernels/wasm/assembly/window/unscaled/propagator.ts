import { setLaneOffset } from '../../lanes/lanes'
import { expRestOfPair } from '../../numerics/exp-pair'
import { HEADER_AT } from '../../schema/header'
import { courseStep, coursesAt } from '../../schema/window-header'
import { COURSE_GAPS, COURSE_HALVINGS, COURSE_PER_MEM, COURSE_PER_SYNS, COURSE_TAUS } from '../../schema/window-records'
import { HALF, numbers, ONE } from '../growth'

/** The record of a neuron's time constants. */
export function courseOf(n: i32): usize {
  return coursesAt() + courseStep() * <usize>n
}

/** What follows looks for crossings with the time constants of a neuron. */
export function takeUpCourse(n: i32): void {
  if (courseStep() == 0) return
  setLaneOffset(courseOf(n) + COURSE_TAUS - HEADER_AT)
}

export function putDownCourse(): void {
  setLaneOffset(0)
}

/** The factors of the last `propagateWithin`: e^{-D/tauMem}, and pairs of excitation and inhibition. */
export let decayMem: f64 = 1
export let decaySyns: v128 = f64x2.splat(1)
export let kappas: v128 = f64x2.splat(0)

/**
 * The propagator over D ms within a bin, with phi(y) = (1 - e^{-y}) / y and y = D (1/tauSyn - 1/tauMem):
 *
 *     e^{-D/tauSyn} = e^{-D/tauMem} (1 - y phi(y))      kappa(D) = D/tauMem e^{-D/tauMem} phi(y)
 *
 * Equal and nearly equal time constants are nothing special. Over a step that is long for a neuron it goes by halves.
 */
export function propagateWithin(course: usize, d: f64): void {
  const halvings = load<i32>(course, COURSE_HALVINGS)
  const step = halvings == 0 ? d : partOf(d, halvings)
  const x = step * load<f64>(course, COURSE_PER_MEM)
  const membrane = f64x2.splat(-x)
  const y = f64x2.mul(f64x2.splat(-step), v128.load(course, COURSE_GAPS))
  const ofMem = inline.always(phi(membrane))
  const ofSyns = inline.always(phi(y))
  decayMem = 1 - x * f64x2.extract_lane(ofMem, 0)
  const mem = f64x2.splat(decayMem)
  decaySyns = f64x2.mul(mem, f64x2.add(numbers(ONE), f64x2.mul(y, ofSyns)))
  kappas = f64x2.mul(f64x2.mul(f64x2.splat(x), mem), ofSyns)
  for (let k = 0; k < halvings; k++) {
    kappas = f64x2.mul(kappas, f64x2.add(f64x2.splat(decayMem), decaySyns))
    decaySyns = f64x2.mul(decaySyns, decaySyns)
    decayMem *= decayMem
  }
}

/** What an arrival of weight 1 comes to D ms later: a current and a voltage, of excitation or of inhibition. */
export function responseAfter(course: usize, d: f64, inhibits: i32): v128 {
  const halvings = load<i32>(course, COURSE_HALVINGS)
  const step = halvings == 0 ? d : partOf(d, halvings)
  const sign = (<usize>inhibits) << 3
  const x = step * load<f64>(course, COURSE_PER_MEM)
  const y = step * load<f64>(course + sign, COURSE_GAPS)
  const both = f64x2.replace_lane(f64x2.splat(-x), 0, -y)
  const factors = inline.always(phi(both))
  const ofSyn = f64x2.extract_lane(factors, 0)
  let mem = 1 - x * f64x2.extract_lane(factors, 1)
  let syn = mem * (1 - y * ofSyn)
  let kappa = x * mem * ofSyn
  for (let k = 0; k < halvings; k++) {
    kappa *= mem + syn
    syn *= syn
    mem *= mem
  }
  return f64x2.replace_lane(f64x2.splat(kappa), 0, syn)
}

/** D / 2^halvings, exactly. */
function partOf(d: f64, halvings: i32): f64 {
  return d * reinterpret<f64>((<u64>(1023 - halvings)) << 52)
}

/** phi(-r) = (e^r - 1) / r for |r| <= 1/4. */
function phi(r: v128): v128 {
  const rest = inline.always(expRestOfPair(r, f64x2.mul(r, r)))
  return f64x2.add(numbers(ONE), f64x2.mul(r, f64x2.add(numbers(HALF), f64x2.mul(r, rest))))
}

/** 1/tauSyn of one current. */
export function perSyn(course: usize, inhibits: i32): f64 {
  return load<f64>(course + ((<usize>inhibits) << 3), COURSE_PER_SYNS)
}

/** Of the last `propagateTausWithin`: the derivatives of the factors by the time constants. */
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
