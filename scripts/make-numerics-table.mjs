// Writes test/numerics/transcendental-table.json: hard arguments of exp, expm1, log and log1p with their values to 40
// digits. Deterministic. Run: node scripts/make-numerics-table.mjs
import { writeFileSync } from 'node:fs'
import { Decimal } from 'decimal.js'

const CANDIDATES = 24

/** Enough for e^x - 1 and 1 + x to keep 60 digits when |x| >= 1e-20. */
const D = Decimal.clone({ precision: 85 })

/** The double itself, to 85 digits; `new Decimal(x)` would take its shortest decimal notation. */
function exact(x) {
  let mantissa = x
  let exponent = 0
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent += 1
  }
  return new D(BigInt(mantissa).toString()).div(new D(2).pow(exponent))
}

const functions = {
  exp: (x) => exact(x).exp(),
  expm1: (x) => (Math.abs(x) < 1e-20 ? series(exact(x), [1, 2, 6]) : exact(x).exp().sub(1)),
  log: (x) => exact(x).ln(),
  log1p: (x) => (Math.abs(x) < 1e-20 ? series(exact(x), [1, -2, 3]) : exact(x).add(1).ln()),
}

/** x/d1 + x^2/d2 + x^3/d3: all that 40 digits need below 1e-20. */
const series = (x, [d1, d2, d3]) => x.div(d1).add(x.pow(2).div(d2)).add(x.pow(3).div(d3))

const bits = new DataView(new ArrayBuffer(8))
function neighbour(x, steps) {
  bits.setFloat64(0, x)
  bits.setBigInt64(0, bits.getBigInt64(0) + BigInt(steps))
  return bits.getFloat64(0)
}

/** Distance of a value from the nearest double, in ulps: 0.5 is the hardest to round. */
function hardness(value) {
  const nearest = value.toNumber()
  const gap = exact(neighbour(nearest, 1)).sub(exact(nearest)).abs()
  return exact(nearest).sub(value).abs().div(gap).toNumber()
}

/** Of the doubles around x, the one whose value lies nearest to the middle between two doubles. */
function hardest(evaluate, x) {
  const candidates = Array.from({ length: CANDIDATES }, (_, i) => neighbour(x, i))
  const hard = candidates.map((candidate) => ({ x: candidate, hardness: hardness(evaluate(candidate)) }))
  return hard.reduce((best, next) => (next.hardness > best.hardness ? next : best)).x
}

const ln2 = Math.LN2
const spread = (count, low, high) => Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.37)) / count)
const geometric = (count, low, high) => spread(count, Math.log2(low), Math.log2(high)).map((e) => 2 ** e)
const mirrored = (values) => values.flatMap((x) => [x, -x])

/** Where the reduction changes: the edges and middles of the intervals of k. */
const edges = [-1000, -53, -3, -2, -1, 0, 1, 2, 3, 40, 1000].flatMap((k) => [(k - 0.415) * ln2, (k + 0.1) * ln2])

const points = {
  exp: [
    ...mirrored(geometric(40, 1e-18, 0.4)),
    ...edges,
    ...spread(60, -708, 709),
    ...spread(25, -745.1, -708.4),
    ...spread(18, -2, 2),
  ],
  expm1: [
    ...mirrored(geometric(50, 1e-300, 1e-3)),
    ...mirrored(geometric(20, 1e-3, 0.7)),
    ...edges.filter((x) => x > -37 && x < 700),
    ...spread(25, -37, 44),
    ...spread(15, 44, 709),
  ],
  log: [
    ...geometric(60, 1e-307, 1e308),
    ...spread(60, 0.5, 2),
    ...mirrored(geometric(30, 1e-16, 0.3)).map((x) => 1 + x),
    ...geometric(20, 5e-324, 2e-308),
  ],
  log1p: [
    ...mirrored(geometric(50, 1e-300, 1e-3)),
    ...mirrored(geometric(20, 1e-3, 0.9)),
    ...geometric(20, 1e-14, 0.3).map((x) => x - 1),
    ...geometric(40, 0.3, 1e308),
  ],
}

const table = Object.fromEntries(
  Object.entries(points).map(([name, xs]) => {
    const evaluate = functions[name]
    const hard = xs.map((x) => hardest(evaluate, x))
    return [name, hard.map((x) => [String(x), evaluate(x).toSignificantDigits(40).toString()])]
  }),
)
const file = new URL('../test/numerics/transcendental-table.json', import.meta.url)
const formatRow = ([x, value]) => `    ["${x}", "${value}"]`
const formatRows = (name) => `  "${name}": [\n${table[name].map(formatRow).join(',\n')}\n  ]`
writeFileSync(file, `{\n${Object.keys(table).map(formatRows).join(',\n')}\n}\n`)
