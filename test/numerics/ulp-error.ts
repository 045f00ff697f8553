import { Decimal } from 'decimal.js'

const D = Decimal.clone({ precision: 60 })

/** The double itself, to 60 digits; `new Decimal(x)` would take its shortest decimal notation. */
export function exact(x: number): Decimal {
  if (!Number.isFinite(x)) throw new RangeError(`${x} has no decimal value`)
  let mantissa = x
  let exponent = 0
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent += 1
  }
  return new D(BigInt(mantissa).toString()).div(new D(2).pow(exponent))
}

/** Values to 40 digits and more, for arguments inside the domain. */
export const reference = {
  exp: (x: number) => exact(x).exp(),
  expm1: (x: number) => (Math.abs(x) < 1e-20 ? series(exact(x), [1, 2, 6]) : exact(x).exp().sub(1)),
  log: (x: number) => exact(x).ln(),
  log1p: (x: number) => (Math.abs(x) < 1e-20 ? series(exact(x), [1, -2, 3]) : exact(x).add(1).ln()),
}

/** x/d1 + x^2/d2 + x^3/d3: all that 40 digits need below 1e-20. */
function series(x: Decimal, [d1, d2, d3]: [number, number, number]): Decimal {
  return x.div(d1).add(x.pow(2).div(d2)).add(x.pow(3).div(d3))
}

/** |found - value| in units of the spacing of doubles at the value. */
export function ulpError(found: number, value: Decimal): number {
  const nearest = Math.abs(value.toNumber())
  const below = value.abs().lt(exact(nearest)) ? neighbour(nearest, -1) : nearest
  const spacing = exact(neighbour(below, 1)).sub(exact(below))
  return exact(found).sub(value).div(spacing).abs().toNumber()
}

/** The double `steps` places above x, through both zeros as one place. */
export function neighbour(x: number, steps: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const place = BigInt(x < 0 ? -1 : 1) * view.getBigInt64(0) + BigInt(steps)
  view.setBigInt64(0, place < 0n ? -place : place)
  return place < 0n ? -view.getFloat64(0) : view.getFloat64(0)
}
