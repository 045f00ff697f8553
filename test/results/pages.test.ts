import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type KeptSuite, readKept, withKeptTables } from '../../bench/report/kept-figures.js'
import { replaceTable } from '../../scripts/pages/replace-table.js'
import { withStudies } from '../../scripts/results/chips/page.js'
import { defaultsTable, type MeasuredDefault } from '../../scripts/results/defaults/measure-defaults.js'
import type { Digests } from '../../scripts/results/digests/measure-digests.js'
import { goalsTable } from '../../scripts/results/goals/goals-table.js'
import { RECORDING_GOALS } from '../../scripts/results/goals/recording-goals.js'
import { readCompared, speakersTable } from '../../scripts/results/speakers/compare-rows.js'
import { formatTable, readMeasured } from '../../scripts/results/table.js'
import { ARITHMETIC_VERSION } from '../../src/numerics/arithmetic-version.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('a generated table', () => {
  const page = 'before\n\n<!-- table: a -->\nold\n<!-- end -->\n\n<!-- table: suites -->\n\n<!-- end -->\nafter\n'

  test('replaces what stands in its place, and nothing else', () => {
    const replaced = replaceTable(page, 'a', '| new |')
    expect(replaced).toBe(page.replace('\nold\n', '\n\n| new |\n\n'))
    expect(replaceTable(replaced, 'a', '| new |')).toBe(replaced)
  })

  test('needs a place', () => {
    expect(() => replaceTable(page, 'c', '')).toThrow('found no table "c", expected <!-- table: c --> … <!-- end -->')
  })

  test('of a suite tells the machine, every figure beside its rivals, and what was left out', () => {
    const forward = {
      name: 'forward',
      value: 3,
      unit: 'ns',
      against: [{ name: 'in C', value: 1.5 }],
      counts: { spikes: 2 },
    }
    const kept: KeptSuite = { suite: 'kernels', machine: '2 cores', findings: [forward, { note: 'no compiler' }] }
    const lines = withKeptTables(page, [kept]).split('\n')
    expect(lines).toContain('#### kernels')
    expect(lines).toContain('Measured on 2 cores.')
    expect(lines).toContain('| forward | 3 ns | 2 × in C (1.5); 2 spikes |')
    expect(lines).toContain('Note: no compiler')
  })
})

test('docs/results.md shows what lies in results/', async () => {
  const page = read('docs/results.md')
  const [measured, compared] = [await readMeasured('results'), await readCompared('results')]
  expect(page).toBe(replaceTable(page, 'results', formatTable(measured)))
  expect(page).toBe(replaceTable(page, 'goals', goalsTable(RECORDING_GOALS, measured, compared)))
  expect(page).toBe(replaceTable(page, 'speakers', speakersTable(compared)))
})

test('docs/own-data.md shows what lies in results/', () => {
  const page = read('docs/own-data.md')
  const measured = JSON.parse(read('results/defaults.json')) as readonly MeasuredDefault[]
  expect(page).toBe(replaceTable(page, 'defaults', defaultsTable(measured)))
})

test('docs/cluster.md shows the digest that results/ has for this version of the arithmetic', () => {
  const digests = JSON.parse(read('results/digests.json')) as Digests
  const expected = digests[ARITHMETIC_VERSION]?.['yin-yang']
  expect(/^digest +([0-9a-f]{64})$/m.exec(read('docs/cluster.md'))?.[1]).toBe(expected)
})

test('docs/chip-study.md shows what lies in results/', async () => {
  const page = read('docs/chip-study.md')
  expect(await withStudies(page, 'results')).toBe(page)
})

test('docs/measured.md shows what lies in results/bench/', async () => {
  const page = read('docs/measured.md')
  expect(page).toBe(withKeptTables(page, await readKept()))
})
