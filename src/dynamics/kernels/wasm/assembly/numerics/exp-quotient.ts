import { exp } from './exp'

/** Multiplying by 2^27 + 1 splits a double into halves. */
const SPLITTER: f64 = 134217729

/** e^{x/y}, without the error that rounding x/y makes where it is large; x/y between -700 and 700, y not extreme. */
export function expQuotient(x: f64, y: f64): f64 {
  const q = x / y
  const e = exp(q)
  const product = q * y
  const qHigh = highOf(q)
  const yHigh = highOf(y)
  const qLow = q - qHigh
  const yLow = y - yHigh
  const rounding = qHigh * yHigh - product + qHigh * yLow + qLow * yHigh + qLow * yLow
  return e + e * ((x - product - rounding) / y)
}

function highOf(x: f64): f64 {
  const product = SPLITTER * x
  return product - (product - x)
}
