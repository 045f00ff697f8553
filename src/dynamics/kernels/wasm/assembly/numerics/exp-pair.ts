/**
 * exp and expm1 of two doubles at once, for x <= 0, by the steps of `exp.ts` and src/numerics/exp-tail.ts: the same bits.
 *
 * Pairs of constants are loaded, which is faster than putting them together wherever they stand.
 */
const NUMBERS: usize = memory.data<f64>([
  0.16666666666666666,
  0.16666666666666666,
  0.04166666666666748,
  0.04166666666666748,
  0.008333333333336333,
  0.008333333333336333,
  0.0013888888888186977,
  0.0013888888888186977,
  0.00019841269833096803,
  0.00019841269833096803,
  0.00002480158936428231,
  0.00002480158936428231,
  0.000002755731808357872,
  0.000002755731808357872,
  2.7554774176138607e-7,
  2.7554774176138607e-7,
  2.5073914122271978e-8,
  2.5073914122271978e-8,
  2.201688598070982e-9,
  2.201688598070982e-9,
  // 1/ln 2, the shift and the rounder of `roundToExponent`, ln 2 in two parts, the bias of exponents, 1/2, 1.
  Math.LOG2E,
  Math.LOG2E,
  0.085,
  0.085,
  6755399441055744,
  6755399441055744,
  0.6931471805598903,
  0.6931471805598903,
  5.497923018708371e-14,
  5.497923018708371e-14,
  0.5,
  0.5,
  1,
  1,
])
const INVERSE_LN2: usize = 160
const SHIFT: usize = 176
const ROUNDER: usize = 192
const LN2_HIGH: usize = 208
const LN2_LOW: usize = 224
const HALF: usize = 240
const ONE: usize = 256

/** Up to here from 0 nothing is reduced. */
export const NEAR: f64 = 0.28
/** Below this the tail of the exponential is its first two terms to the last bit. */
const TINY: f64 = 1e-9
/** Below this e^x is next to no normal number: taken for 0. */
const LEAST: f64 = -708

function number(place: usize): v128 {
  return v128.load(NUMBERS + place)
}

/** expm1(x) for -0.28 < x <= 0. */
export function expm1OfNearPair(x: v128): v128 {
  return f64x2.add(x, inline.always(expTailOfPair(x)))
}

/** e^x - 1 - x for x in [-0.415, 0.585] ln 2. */
function expTailOfPair(r: v128): v128 {
  const r2 = f64x2.mul(r, r)
  const q = inline.always(expRestOfPair(r, r2))
  return f64x2.add(f64x2.mul(number(HALF), r2), f64x2.mul(f64x2.mul(r, r2), q))
}

/** (e^x - 1 - x - x^2 / 2) / x^3 there, given x and its square. */
export function expRestOfPair(r: v128, r2: v128): v128 {
  const r4 = f64x2.mul(r2, r2)
  const q01 = f64x2.add(v128.load(NUMBERS), f64x2.mul(r, v128.load(NUMBERS, 16)))
  const q23 = f64x2.add(v128.load(NUMBERS, 32), f64x2.mul(r, v128.load(NUMBERS, 48)))
  const q45 = f64x2.add(v128.load(NUMBERS, 64), f64x2.mul(r, v128.load(NUMBERS, 80)))
  const q67 = f64x2.add(v128.load(NUMBERS, 96), f64x2.mul(r, v128.load(NUMBERS, 112)))
  const q89 = f64x2.add(v128.load(NUMBERS, 128), f64x2.mul(r, v128.load(NUMBERS, 144)))
  const low = f64x2.add(q01, f64x2.mul(r2, q23))
  const high = f64x2.add(f64x2.add(q45, f64x2.mul(r2, q67)), f64x2.mul(r4, q89))
  return f64x2.add(low, f64x2.mul(r4, high))
}

/** e^x for x <= 0; 0 below -708. */
export function expOfPair(x: v128): v128 {
  const one = number(ONE)
  const rounded = f64x2.add(f64x2.sub(f64x2.mul(x, number(INVERSE_LN2)), number(SHIFT)), number(ROUNDER))
  const k = f64x2.sub(rounded, number(ROUNDER))
  const high = f64x2.sub(x, f64x2.mul(k, number(LN2_HIGH)))
  const low = f64x2.mul(k, number(LN2_LOW))
  const r = f64x2.sub(high, low)
  const sum = f64x2.add(one, r)
  const lost = f64x2.mul(f64x2.sub(f64x2.sub(high, r), low), sum)
  const rest = f64x2.add(f64x2.sub(r, f64x2.sub(sum, one)), lost)
  const reduced = f64x2.add(sum, f64x2.add(inline.always(expTailOfPair(r)), rest))
  const power = i64x2.shl(i64x2.add(rounded, i64x2.splat(1023)), 52)
  return v128.and(f64x2.mul(reduced, power), f64x2.gt(x, f64x2.splat(LEAST)))
}

/** (e^{-y} - 1 + y) / y^2 for y >= 0, in both lanes. */
export function lateMomentOfPair(y: v128): v128 {
  const x = f64x2.neg(y)
  const far = f64x2.add(f64x2.sub(expOfPair(x), f64x2.splat(1)), y)
  const near = f64x2.lt(y, f64x2.splat(NEAR))
  const moment = f64x2.div(v128.bitselect(expTailOfPair(x), far, near), f64x2.mul(y, y))
  const first = f64x2.sub(f64x2.splat(0.5), f64x2.div(y, f64x2.splat(6)))
  return v128.bitselect(first, moment, f64x2.lt(y, f64x2.splat(TINY)))
}

/** (1 - (1 + y) e^{-y}) / y^2 for y >= 0, given the late moment. */
export function earlyMomentOfPair(y: v128, late: v128): v128 {
  const one = f64x2.splat(1)
  const more = f64x2.add(one, y)
  const near = f64x2.sub(one, f64x2.mul(more, late))
  const far = f64x2.div(f64x2.sub(one, f64x2.mul(more, expOfPair(f64x2.neg(y)))), f64x2.mul(y, y))
  return v128.bitselect(near, far, f64x2.lt(y, one))
}

/** Replaces the two doubles at an address by what `expOfPair` makes of them. */
export function expPairAt(at: usize): void {
  v128.store(at, expOfPair(v128.load(at)))
}

/** The same of `expm1OfNearPair`. */
export function expm1PairAt(at: usize): void {
  v128.store(at, expm1OfNearPair(v128.load(at)))
}
