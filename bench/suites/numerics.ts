import { exp } from '../../dist/numerics/exp.js'
import { expm1 } from '../../dist/numerics/expm1.js'
import { log } from '../../dist/numerics/log.js'
import { log1p } from '../../dist/numerics/log1p.js'
import { medians } from '../measure/medians.js'
import type { Finding, Settings } from '../suite.js'

const COUNT = 10_000

/** Nanoseconds per call of our own functions, which give the same bits everywhere, against the engine's. */
export async function* numericsSuite({ quick }: Settings): AsyncGenerator<Finding> {
  const negative = Float64Array.from({ length: COUNT }, (_, k) => -5 * ((k * 0.618) % 1))
  const positive = negative.map((x) => -x + 1e-3)
  const over = (f: (x: number) => number, values: Float64Array) => ({
    run() {
      let sum = 0
      for (let k = 0; k < COUNT; k++) sum += f(values[k] as number)
      return sum
    },
  })
  const pairs = [
    ['exp', exp, Math.exp, negative],
    ['expm1', expm1, Math.expm1, negative],
    ['log', log, Math.log, positive],
    ['log1p', log1p, Math.log1p, positive],
  ] as const
  for (const [name, ours, engine, values] of pairs) {
    const time = quick ? 2 : 500
    const { own, rival } = await medians({ own: over(ours, values), rival: over(engine, values) }, time)
    const perCall = (milliseconds: number) => (milliseconds * 1e6) / COUNT
    const against = [{ name: `Math.${name}`, value: perCall(rival) }]
    yield { name, value: perCall(own), unit: 'ns/call', against }
  }
}
