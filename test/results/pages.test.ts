import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type KeptSuite, keptTable } from '../../bench/report/kept-figures.js'
import { SUITES } from '../../bench/suites/index.js'
import { replaceTable, tablesOf } from '../../scripts/pages/replace-table.js'
import { formatTable, readMeasured } from '../../scripts/results/table.js'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const read = (path: string) => readFileSync(at(path), 'utf8')

describe('a generated table', () => {
  const page = 'before\n\n<!-- table: a -->\nold\n<!-- end -->\n\n<!-- table: b -->\n\n<!-- end -->\nafter\n'

  test('replaces what stands in its place, and nothing else', () => {
    const replaced = replaceTable(page, 'a', '| new |')
    expect(replaced).toBe(page.replace('\nold\n', '\n\n| new |\n\n'))
    expect(replaceTable(replaced, 'a', '| new |')).toBe(replaced)
    expect(tablesOf(replaced)).toEqual(['a', 'b'])
  })

  test('needs a place', () => {
    expect(() => replaceTable(page, 'c', '')).toThrow('found no table "c", expected <!-- table: c --> … <!-- end -->')
  })
})

test('docs/results.md shows what lies in results/', async () => {
  const page = read('docs/results.md')
  expect(page).toBe(replaceTable(page, 'results', formatTable(await readMeasured('results'))))
})

describe('docs/measured.md', () => {
  const page = read('docs/measured.md')

  test('has a place for every suite', () => {
    expect([...tablesOf(page)].sort()).toEqual(Object.keys(SUITES).sort())
  })

  test.each(Object.keys(SUITES))('shows what lies in results/bench/%s.json', (suite) => {
    const file = `results/bench/${suite}.json`
    expect(existsSync(at(file))).toBe(true)
    expect(page).toBe(replaceTable(page, suite, keptTable(JSON.parse(read(file)) as KeptSuite)))
  })
})
