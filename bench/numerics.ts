import { exp } from '../dist/numerics/exp.js'
import { expm1 } from '../dist/numerics/expm1.js'
import { log } from '../dist/numerics/log.js'
import { log1p } from '../dist/numerics/log1p.js'
import { type Figure, medians } from './figure.js'

const COUNT = 10_000

/** Nanoseconds per call of our own functions, which give the same bits everywhere, against the engine's. */
export async function numericsBenchmarks(): Promise<readonly Figure[]> {
  const small = Float64Array.from({ length: COUNT }, (_, k) => -5 * ((k * 0.618) % 1))
  const positive = small.map((x) => -x + 1e-3)
  const over = (f: (x: number) => number, values: Float64Array) => () => {
    let sum = 0
    for (let k = 0; k < COUNT; k++) sum += f(values[k] as number)
    return sum
  }
  const pairs = [
    ['exp', exp, Math.exp, small],
    ['expm1', expm1, Math.expm1, small],
    ['log', log, Math.log, positive],
    ['log1p', log1p, Math.log1p, positive],
  ] as const
  const figures: Figure[] = []
  for (const [name, own, engine, values] of pairs) {
    const { a, b } = await medians({ a: over(own, values), b: over(engine, values) })
    const perCall = (milliseconds: number) => (milliseconds * 1e6) / COUNT
    figures.push({ benchmark: name, value: perCall(a), unit: 'ns/call', rival: `Math.${name}`, rivalValue: perCall(b) })
  }
  return figures
}
