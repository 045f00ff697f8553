import { setLaneOffset } from '../../lanes/lane-offset'
import { expRestOfPair } from '../../numerics/exp-pair'
import { HEADER_AT } from '../../schema/header'
import { courseStep, coursesAt } from '../../schema/window-header'
import { COURSE_GAPS, COURSE_HALVINGS, COURSE_PER_MEM, COURSE_PER_SYNS, COURSE_TAUS } from '../../schema/window-records'
import { HALF, numbers, ONE } from '../constants'

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
export function partOf(d: f64, halvings: i32): f64 {
  return d * reinterpret<f64>((<u64>(1023 - halvings)) << 52)
}

/** phi(-r) = (e^r - 1) / r for |r| <= 1/4. */
export function phi(r: v128): v128 {
  const rest = inline.always(expRestOfPair(r, f64x2.mul(r, r)))
  return f64x2.add(numbers(ONE), f64x2.mul(r, f64x2.add(numbers(HALF), f64x2.mul(r, rest))))
}

/** 1/tauSyn of one current. */
export function perSyn(course: usize, inhibits: i32): f64 {
  return load<f64>(course + ((<usize>inhibits) << 3), COURSE_PER_SYNS)
}
