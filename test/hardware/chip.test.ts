import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MeshOptions, mesh, squareMesh } from '../../src/hardware/chip.js'
import { parseChip } from '../../src/hardware/chip-file.js'
import { mistakeOf } from '../network/mistake-of.js'

const sizes = fc.integer({ min: 1, max: 2 ** 40 })
const options = fc.record(
  { columns: sizes, rows: sizes, neuronsPerCore: sizes, synapsesPerCore: sizes },
  { requiredKeys: ['columns', 'rows'] },
)

describe('a mesh', () => {
  it('has no limits where none are given', () => {
    fc.assert(
      fc.property(options, (given) => {
        const chip = mesh(given)
        expect(chip).toEqual({ neuronsPerCore: Infinity, synapsesPerCore: Infinity, ...given })
        expect(Object.isFrozen(chip)).toBe(true)
        expect(mesh(chip)).toEqual(chip)
        expect(parseChip(JSON.stringify(given))).toEqual(chip)
      }),
      { numRuns: 50, seed: 61 },
    )
  })

  it.each<readonly [Partial<Record<keyof MeshOptions | 'cores', unknown>>, string, string]>([
    [{ columns: 0, rows: 1 }, 'CHIP_INVALID', 'columns'],
    [{ columns: 1, rows: 1.5 }, 'CHIP_INVALID', 'rows'],
    [{ columns: 1, rows: Infinity }, 'CHIP_INVALID', 'rows'],
    [{ columns: 1 }, 'CHIP_INVALID', 'rows'],
    [{ columns: 1, rows: 1, neuronsPerCore: 0 }, 'CHIP_INVALID', 'neuronsPerCore'],
    [{ columns: 1, rows: 1, synapsesPerCore: NaN }, 'CHIP_INVALID', 'synapsesPerCore'],
    [{ columns: 1, rows: 1, cores: 1 }, 'FIELD_UNKNOWN', 'cores'],
  ])('is not made of %o', (given, code, field) => {
    expect(mistakeOf(() => mesh(given as never))).toEqual({ code, field })
  })

  it('is as square as it can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (cores) => {
        const { columns, rows } = squareMesh(cores)
        expect(columns * rows).toBe(cores)
        expect(columns).toBeGreaterThanOrEqual(rows)
        for (let height = rows + 1; height * height <= cores; height++) expect(cores % height).not.toBe(0)
      }),
      { numRuns: 100, seed: 62 },
    )
  })
})

describe('a profile file', () => {
  it.each([
    ['{', 'JSON_INVALID', 'line 1, column 2'],
    ['[]', 'FIELD_TYPE', '$'],
    ['{"columns":2,"columns":3,"rows":1}', 'JSON_DUPLICATE_KEY', 'line 1, column 14'],
    ['{"columns":2}', 'FIELD_MISSING', 'rows'],
    ['{"columns":"2","rows":2}', 'FIELD_TYPE', 'columns'],
    ['{"columns":2,"rows":2,"neuronsPerCore":null}', 'FIELD_TYPE', 'neuronsPerCore'],
    ['{"columns":2,"rows":-1}', 'CHIP_INVALID', 'rows'],
    ['{"columns":2,"rows":1,"neurons":3}', 'FIELD_UNKNOWN', 'neurons'],
  ])('%s is refused', (text, code, field) => {
    expect(mistakeOf(() => parseChip(text, 'chip.json'))).toEqual({ code, field })
    expect(() => parseChip(text, 'chip.json')).toThrow(`chip.json: ${field}: found `)
  })
})
