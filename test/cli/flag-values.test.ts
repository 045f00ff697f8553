import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { milliseconds, nameList, onlyValue, wholeNumber } from '../../src/cli/flag-values.js'
import { InputError } from '../../src/events/errors.js'

describe('whole numbers', () => {
  test('are read back, whatever integer was written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(wholeNumber('--n', 0)(String(value))).toBe(value)
      }),
    )
  })

  test('below the least are refused', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (least, gap) => {
        expect(() => wholeNumber('--n', least)(String(least - gap))).toThrow(InputError)
      }),
    )
  })

  test.each(['', ' 1', '0x10', '1_000', '1,5', '0.5', 'NaN', '9007199254740993', '1n', '--json'])(
    '%j is none',
    (text) => {
      expect(() => wholeNumber('--n', 0)(text)).toThrow(
        `--n: found ${JSON.stringify(text)}, expected an integer from 0`,
      )
    },
  )
})

describe('times', () => {
  test('are read to the same bits', () => {
    const positive = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(positive, (value) => {
        expect(milliseconds('--until')(String(value))).toBe(value)
      }),
    )
  })

  test.each(['0', '-0', '-3', 'Infinity', '1e999', '1e-999', 'soon', ''])('%j is none', (text) => {
    expect(() => milliseconds('--until')(text)).toThrow(InputError)
  })
})

describe('lists of names', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}$/), { minLength: 1 })

  test('are read in their order, blanks around commas or not', () => {
    fc.assert(
      fc.property(names, fc.constantFrom(',', ', ', ' ,'), (list, comma) => {
        expect(nameList('--record')(list.join(comma))).toEqual(list)
      }),
    )
  })

  test('with a repetition are refused', () => {
    fc.assert(
      fc.property(names, fc.nat(), (list, pick) => {
        const repeated = [...list, list[pick % list.length]].join(',')
        expect(() => nameList('--record')(repeated)).toThrow(InputError)
      }),
    )
  })
})

test('the one value a flag can have is taken as it is written, nothing else', () => {
  const parse = onlyValue('--cores', 1, 'One core.')
  expect(parse('1')).toBe(1)
  for (const text of ['1.0', '01', '2', '']) expect(() => parse(text)).toThrow('One core. Leave --cores out.')
})
