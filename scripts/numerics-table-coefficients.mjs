// Derives the constants of src/numerics: ln 2 in two parts, and the polynomials behind exp and log by Remez exchange
// in 60-digit arithmetic. Prints them as doubles, with the largest error relative to expm1 or log1p.
// Run: node scripts/numerics-table-coefficients.mjs
import { Decimal } from 'decimal.js'

const D = Decimal.clone({ precision: 60 })
const one = new D(1)

/** Coefficients of p with weight(x) |target(x) - p(x)| minimal at its largest over [low, high]. */
function remez({ target, weight, low, high, degree }) {
  const width = high - low
  const grid = Array.from({ length: 3000 }, (_, i) => new D(low + width * (0.5 - 0.5 * Math.cos((Math.PI * i) / 2999))))
  const points = grid.map((x) => ({ x, target: target(x), weight: weight(x) }))
  let reference = Array.from({ length: degree + 2 }, (_, i) => points[Math.round((i * 2999) / (degree + 1))])
  let coefficients = []
  for (let round = 0; round < 12; round++) {
    coefficients = solve(
      reference.map(({ x, weight: w }, i) => [...powers(x, degree), one.mul(i % 2 ? -1 : 1).div(w)]),
      reference.map((point) => point.target),
    ).slice(0, degree + 1)
    const errors = points.map((point) => point.target.sub(evaluate(coefficients, point.x)).mul(point.weight))
    const peaks = alternatingPeaks(errors)
    if (peaks.length < degree + 2) throw new Error(`only ${peaks.length} alternations`)
    reference = bestRun(peaks, errors, degree + 2).map((index) => points[index])
  }
  const rounded = coefficients.map((c) => new D(c.toNumber()))
  const worst = points.reduce(
    (most, { x, target: t, weight: w }) => D.max(most, t.sub(evaluate(rounded, x)).mul(w).abs()),
    new D(0),
  )
  return { coefficients: coefficients.map((c) => c.toNumber()), worst: worst.toNumber() }
}

const powers = (x, degree) => Array.from({ length: degree + 1 }, (_, i) => x.pow(i))
const evaluate = (coefficients, x) => coefficients.reduceRight((sum, c) => sum.mul(x).add(c), new D(0))

function alternatingPeaks(errors) {
  const peaks = []
  for (let i = 0; i < errors.length; i++) {
    const last = peaks.at(-1)
    if (errors[i].isZero()) continue
    if (last === undefined || errors[last].s !== errors[i].s) peaks.push(i)
    else if (errors[i].abs().gt(errors[last].abs())) peaks[peaks.length - 1] = i
  }
  return peaks
}

/** The run of `count` neighbouring peaks whose smallest one is largest. */
function bestRun(peaks, errors, count) {
  const runs = peaks.slice(0, peaks.length - count + 1).map((_, i) => peaks.slice(i, i + count))
  const smallest = (run) => D.min(...run.map((index) => errors[index].abs()))
  return runs.reduce((best, run) => (smallest(run).gt(smallest(best)) ? run : best))
}

function solve(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]])
  for (let column = 0; column < rows.length; column++) {
    const below = rows.slice(column)
    const pivot = below.reduce((best, row) => (row[column].abs().gt(best[column].abs()) ? row : best))
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(column, 0, pivot)
    for (let i = 0; i < rows.length; i++) {
      if (i === column) continue
      const factor = rows[i][column].div(pivot[column])
      rows[i] = rows[i].map((value, j) => value.sub(factor.mul(pivot[j])))
    }
  }
  return rows.map((row, i) => row[rows.length].div(row[i]))
}

const ln2 = new D(2).ln()
const ln2High = ln2
  .mul(2 ** 42)
  .round()
  .div(2 ** 42)
console.log('ln2 high', ln2High.toNumber(), 'low', ln2.sub(ln2High).toNumber(), 'inverse', one.div(ln2).toNumber())

const ln2Double = ln2.toNumber()
const guard = 1e-9 // the rounding of k is inexact, so the reduced argument may leave its interval by this much

/** (e^r - 1 - r - r^2/2) / r^3, errors relative to e^r - 1. */
const exp = remez({
  target: (r) => r.exp().sub(1).sub(r).sub(r.mul(r).div(2)).div(r.pow(3)),
  weight: (r) => r.pow(3).div(r.exp().sub(1)).abs(),
  low: -0.415 * ln2Double - guard,
  high: 0.585 * ln2Double + guard,
  degree: 9,
})
console.log('exp tail', exp)

/** (2 artanh s - 2 s) / s^3 as a function of z = s^2, errors relative to 2 artanh s. */
const artanh = (s) => s.add(1).div(one.sub(s)).ln().div(2)
const log = remez({
  target: (z) => artanh(z.sqrt()).sub(z.sqrt()).mul(2).div(z.pow(1.5)),
  weight: (z) => z.pow(1.5).div(artanh(z.sqrt()).mul(2)),
  low: 1e-9,
  high: 0.02945,
  degree: 7,
})
console.log('log tail', log)
