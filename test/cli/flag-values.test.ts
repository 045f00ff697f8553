import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/events/errors.js'
import {
  listenAddress,
  milliseconds,
  nameList,
  oneOf,
  someOf,
  waitingTime,
  wholeNumber,
  wholeNumberList,
} from '../../src/network/reading/flag-values.js'

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

test('whole numbers above the most there may be are refused with the range', () => {
  expect(wholeNumber('--n', 1, 64)('64')).toBe(64)
  expect(() => wholeNumber('--n', 1, 64)('65')).toThrow('--n: found "65", expected an integer from 1 to 64')
  expect(() => wholeNumberList('--n', 1, 64)('1,65')).toThrow('found "65", expected an integer from 1 to 64')
})

describe('lists of whole numbers', () => {
  test('are read back in the order written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1 }), (values) => {
        expect(wholeNumberList('--n', 1)(values.join(', '))).toEqual(values)
      }),
      { numRuns: 50, seed: 3 },
    )
  })

  test.each(['', '1,', '1,1', '1,0', '1;2'])('%j is none', (text) => {
    expect(() => wholeNumberList('--n', 1)(text)).toThrow('--n: found')
  })
})

describe('words', () => {
  const kinds = oneOf('--kind', ['plain', 'fancy'], ['lavish'])

  test.each(['plain', 'fancy'])('%s is known', (word) => expect(kinds(word)).toBe(word))

  test('an announced one is refused by name', () => {
    expect(() => kinds('lavish')).toThrow(
      '--kind: found "lavish", expected one of plain, fancy. This version does not support lavish yet.',
    )
  })

  test.each(['', 'Plain', 'plain ', 'plain,fancy'])('%j is none of them', (text) => {
    expect(() => kinds(text)).toThrow(`--kind: found ${JSON.stringify(text)}, expected one of plain, fancy.`)
  })

  test('several come in the order written, each once', () => {
    const some = someOf('--kinds', ['plain', 'fancy'], ['lavish'])
    expect(some('fancy,plain')).toEqual(['fancy', 'plain'])
    expect(() => some('fancy,fancy')).toThrow('each once')
    expect(() => some('fancy,lavish')).toThrow('does not support lavish yet')
  })
})

describe('addresses to listen at', () => {
  test('are read back, of hosts and both kinds of addresses', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4())
    fc.assert(
      fc.property(host, fc.integer({ min: 0, max: 65_535 }), (name, port) => {
        expect(listenAddress('--listen')(`${name}:${port}`)).toEqual({ host: name, port })
      }),
      { numRuns: 100, seed: 4 },
    )
    expect(listenAddress('--listen')('[::1]:0')).toEqual({ host: '::1', port: 0 })
  })

  test.each(['', 'host', 'host:', ':1', '::1:1', 'host:65536', 'host:-1', 'host:1x', 'a b:1', '[host]:1'])(
    '%j is none',
    (text) => {
      expect(() => listenAddress('--listen')(text)).toThrow(
        `--listen: found ${JSON.stringify(text)}, expected HOST:PORT`,
      )
    },
  )
})

describe('waiting times', () => {
  const range = { least: 4, most: 1e9 }

  test.each(['4', '4.5', '10000', '1e9'])('%s is one', (text) => {
    expect(waitingTime('--silence', range)(text)).toBe(Number(text))
  })

  test.each(['0', '3.99', '-1', '1000000001', 'NaN', ''])('%j is none', (text) => {
    expect(() => waitingTime('--silence', range)(text)).toThrow('expected 4 to 1000000000 ms')
  })
})
