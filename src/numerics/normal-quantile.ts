import { log } from './log.js'

/** A rational function: coefficients of numerator and denominator, the highest power first. */
interface Rational {
  readonly numerator: readonly number[]
  readonly denominator: readonly number[]
}

/** x/q as a function of 0.425^2 - q^2, for |q| <= 0.425, q = p - 1/2. */
const CENTRE: Rational = {
  numerator: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  denominator: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
}

/** |x| as a function of r - 1.6, for r = sqrt(-ln min(p, 1 - p)) <= 5. */
const SHOULDER: Rational = {
  numerator: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  denominator: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
}

/** |x| as a function of r - 5, beyond. */
const TAIL: Rational = {
  numerator: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  denominator: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
}

/**
 * The quantile function of the standard normal distribution.
 *
 *     normalQuantile(p) = x with Phi(x) = p        0 < p < 1
 *
 * Relative error about 1e-15; -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 * Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Appl. Statist. 37 (1988),
 * routine PPND16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * evaluate(CENTRE, 0.180625 - q * q)
  const outside = q < 0 ? p : 1 - p
  if (!(outside >= 0)) return Number.NaN
  if (outside === 0) return q * Number.POSITIVE_INFINITY
  const r = Math.sqrt(-log(outside))
  const x = r <= 5 ? evaluate(SHOULDER, r - 1.6) : evaluate(TAIL, r - 5)
  return q < 0 ? -x : x
}

function evaluate({ numerator, denominator }: Rational, r: number): number {
  return polynomial(numerator, r) / polynomial(denominator, r)
}

function polynomial(coefficients: readonly number[], r: number): number {
  let sum = 0
  for (let i = 0; i < coefficients.length; i++) sum = sum * r + (coefficients[i] as number)
  return sum
}
