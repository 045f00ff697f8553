import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTable } from '../../src/cli/table.js'

test('every cell of a column ends or begins in the same place', () => {
  const row = fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.integer())
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const [head = '', ...lines] = formatTable(['name', 'n'], rows).trimEnd().split('\n')
      expect(lines).toHaveLength(rows.length)
      const ends = new Set(lines.map((line) => line.length))
      expect(ends.size).toBe(1)
      expect([...ends][0]).toBe(head.length)
      lines.forEach((line, index) => {
        expect(line.split(/ {2,}/)).toEqual(rows[index]?.map(String))
      })
    }),
  )
})

test('text stands to the left, numbers to the right', () => {
  expect(
    formatTable(
      ['unit', 'of'],
      [
        [7, 'a'],
        [12, 'long'],
      ],
    ),
  ).toBe('unit  of\n   7  a\n  12  long\n')
})

test('a table without rows is its head', () => {
  expect(formatTable(['unit', 'time'], [])).toBe('unit  time\n')
})
