import { readAnyNumber } from '../../network/reading/read-number.js'
import { cosPi as ownCosPi } from '../../numerics/cos-pi.js'
import { exp as ownExp } from '../../numerics/exp.js'
import { expm1 as ownExpm1 } from '../../numerics/expm1.js'
import { log as ownLog } from '../../numerics/log.js'
import { log1p as ownLog1p } from '../../numerics/log1p.js'
import { normalQuantile as ownNormalQuantile } from '../../numerics/normal-quantile.js'

/*
 * Elementary functions with the same bits on every engine, unlike those of Math; each raises `InputError` FIELD_TYPE for what
 * is no number.
 */

/** cos(pi x), within 2 ulp. */
export function cosPi(x: number): number {
  return ownCosPi(readAnyNumber(x, 'x'))
}

/** e^x, at most 1 ulp away. */
export function exp(x: number): number {
  return ownExp(readAnyNumber(x, 'x'))
}

/** e^x - 1, also where x is small. */
export function expm1(x: number): number {
  return ownExpm1(readAnyNumber(x, 'x'))
}

/** ln x, at most 1 ulp away. */
export function log(x: number): number {
  return ownLog(readAnyNumber(x, 'x'))
}

/** ln(1 + x), also where x is small. */
export function log1p(x: number): number {
  return ownLog1p(readAnyNumber(x, 'x'))
}

/** The standard normal variate below which another one is with probability p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return ownNormalQuantile(readAnyNumber(p, 'p'))
}
