import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDuplicateKey, locateSyntaxError, parseJson } from '../../../src/network/reading/parse-json.js'
import { mistakeOf } from '../mistake-of.js'

const text = fc.tuple(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, '\t')).map(([json, space]) => {
  return JSON.stringify(JSON.parse(json), null, space)
})

const isJson = (candidate: string) => {
  try {
    JSON.parse(candidate)
    return true
  } catch {
    return false
  }
}

describe('a JSON text', () => {
  it('is read as it was meant', () => {
    fc.assert(
      fc.property(text, (json) => {
        expect(parseJson(json)).toEqual(JSON.parse(json))
        expect(locateSyntaxError(json)).toBe(json.length)
      }),
    )
  })

  it('is refused exactly when it is not JSON, at or before the damage', () => {
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.constantFrom('', '}', ']', ',', ':', '"', '1', 'NaN', "'", '//'),
        (json, at, junk) => {
          const place = at % json.length
          const damaged = json.slice(0, place) + junk + json.slice(place + 1)
          fc.pre(!isJson(damaged))
          expect(mistakeOf(() => parseJson(damaged)).code).toBe('JSON_INVALID')
          const found = locateSyntaxError(damaged)
          // What stands before the place is fit to begin a JSON text: no later mistake was taken for the first.
          expect(locateSyntaxError(damaged.slice(0, found))).toBe(found)
        },
      ),
    )
  })

  it('is refused if an object has a key twice, however it is written', () => {
    fc.assert(
      fc.property(text, text, fc.string(), (a, b, key) => {
        const escaped = [...key]
          .map((c) => [...Array(c.length).keys()].map((i) => `\\u${hex(c.charCodeAt(i))}`).join(''))
          .join('')
        const json = `[{${JSON.stringify(key)}: ${a}, "${escaped}" : ${b}}]`
        expect(mistakeOf(() => parseJson(json)).code).toBe('JSON_DUPLICATE_KEY')
      }),
    )
  })

  it('may have the same key in different objects, and keys among its values', () => {
    expect(findDuplicateKey('{"a": {"a": ["a", {"a": "a"}, {"a": "}{"}]}, "b": "a"}')).toBeNull()
    expect(findDuplicateKey('{"a": [{}], "b\\"": 1, "a": 2}')).toEqual({ key: 'a', position: 22 })
  })

  it.each([
    ['', 'line 1, column 1'],
    ['{"a": 1', 'line 1, column 8'],
    ['{"a": NaN}', 'line 1, column 7'],
    ['{"NaN": 1,\n "b": -Infinity}', 'line 2, column 7'],
    ['[1,\n\n 2,]', 'line 3, column 4'],
    ['[1] 2', 'line 1, column 5'],
    ['[01]', 'line 1, column 2'],
    ['{"a" 1}', 'line 1, column 6'],
    ["{'a': 1}", 'line 1, column 2'],
  ])('%j is refused at %s', (json, field) => {
    expect(mistakeOf(() => parseJson(json))).toEqual({ code: 'JSON_INVALID', field })
  })
})

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
