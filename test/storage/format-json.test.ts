import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InternalError } from '../../src/events/errors.js'
import { formatJson } from '../../src/storage/format-json.js'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('formatJson', () => {
  it('writes doubles that read back to the same bits, -0 as 0', () => {
    fc.assert(
      fc.property(fc.array(finite), (values) => {
        const read = JSON.parse(formatJson({ values })).values as number[]
        expect(read).toEqual(values.map((value) => value + 0))
      }),
    )
  })

  it('keeps any JSON value on one line', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
        const text = formatJson(value)
        expect(text).not.toMatch(/[\n\r]/)
        expect(formatJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it.each([Number.NaN, Infinity, -Infinity, undefined, 1n, () => 0, Symbol('s'), new Map(), new Set()])(
    'refuses %s at any depth',
    (value) => {
      expect(() => formatJson(value)).toThrow(InternalError)
      expect(() => formatJson({ a: [1, value] })).toThrow(InternalError)
    },
  )

  it('refuses typed arrays with numbers JSON lacks, and holes', () => {
    expect(() => formatJson({ times: Float64Array.of(1, Number.NaN) })).toThrow(/"1"/)
    expect(() => formatJson({ list: new Array(2) })).toThrow(/"list"/)
  })

  it('writes literal text', () => {
    expect(formatJson({ epoch: 1, loss: null, skip: undefined, times: Float64Array.of(-0, 0.1, 1e-300) })).toBe(
      '{"epoch":1,"loss":null,"times":[0,0.1,1e-300]}',
    )
  })
})
