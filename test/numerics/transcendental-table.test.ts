import { readFileSync } from 'node:fs'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { exp } from '../../src/numerics/exp.js'
import { expm1 } from '../../src/numerics/expm1.js'
import { log } from '../../src/numerics/log.js'
import { log1p } from '../../src/numerics/log1p.js'
import { ulpError } from './ulp-error.js'

type Table = Record<string, [argument: string, value: string][]>
const table: Table = JSON.parse(readFileSync(new URL('transcendental-table.json', import.meta.url), 'utf8'))
const D = Decimal.clone({ precision: 60 })

/** The table holds the arguments whose values are hardest to round; made by scripts/make-numerics-table.mjs. */
describe('hard arguments', () => {
  it.each([
    { name: 'exp', evaluate: exp, bound: 0.76 },
    { name: 'expm1', evaluate: expm1, bound: 0.83 },
    { name: 'log', evaluate: log, bound: 0.66 },
    { name: 'log1p', evaluate: log1p, bound: 0.66 },
  ])('$name is within $bound ulp of the table', ({ name, evaluate, bound }) => {
    const rows = table[name] ?? []
    const errors = rows.map(([argument, value]) => ulpError(evaluate(Number(argument)), new D(value)))
    expect(errors.length).toBeGreaterThanOrEqual(199)
    expect(Math.max(...errors)).toBeLessThanOrEqual(bound)
    expect(Math.max(...errors)).toBeGreaterThan(0.49)
  })
})
