import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Measured } from '../../scripts/results/measured.js'
import { formatTable, readMeasured } from '../../scripts/results/table.js'
import '../support/guard.js'

const MEASURED: Measured = {
  row: 'yin-yang-30-weights',
  task: 'yin-yang',
  network: '30 hidden, weights',
  command: 'antidrome train yin-yang',
  bar: 97.8,
  aim: 98.5,
  testAccuracy: { mean: 98.07, std: 0.25, values: [98.1, 98.3, 97.8] },
  hiddenSpikes: { mean: 29.6, std: 1, values: [28.6, 29.6, 30.6] },
  validationAccuracy: [98.2, 98.1, 98.6],
  epochs: 300,
  cpuMillisecondsPerSample: 0.051,
  minutes: 4,
  cores: 2,
}

test('a line tells mean, spread and how to get there', () => {
  const lines = formatTable([MEASURED]).split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[2]).toBe(
    '| yin-yang | 30 hidden, weights | 98.07 ± 0.25 (3) % | 97.8 | 30 | 300 | 0.051 | `yin-yang-30-weights` |',
  )
})

test('one seed has no spread; target times are told in ms', () => {
  const single = { mean: 0.0123, std: null, values: [0.0123] }
  const line = formatTable([{ ...MEASURED, bar: null, aim: null, timingError: single }]).split('\n')[2]
  expect(line).toContain('| off by 0.0123 ms |  | 30 | 300 |')
})

test('a compared row shows median and range beside mean and spread', () => {
  const values = [97.9, 98.4, 98.1, 98.3, 97.2, 98.2, 98, 98.2]
  const [even, odd] = [values, [...values, 98.35]].map((of) =>
    formatTable([{ ...MEASURED, testAccuracy: { mean: 98.03, std: 0.36, values: of } }]),
  )
  expect(even).toContain('| 98.03 ± 0.36 (8), median 98.15 [97.20, 98.40] % |')
  expect(odd).toContain('| 98.03 ± 0.36 (9), median 98.20 [97.20, 98.40] % |')
})

test('a folder of results is read in the order of the rows, whatever else is in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'results-'))
  const keep = (name: string, value: object) => writeFile(join(folder, name), JSON.stringify(value))
  await keep('a.json', { ...MEASURED, row: 'mnist-weights' })
  await keep('b.json', MEASURED)
  await keep('robustness-yin-yang.json', { task: 'yin-yang' })
  await writeFile(join(folder, 'c.svg'), '<svg/>')
  const found = await readMeasured(folder)
  await rm(folder, { recursive: true })
  expect(found.map(({ row }) => row)).toEqual(['yin-yang-30-weights', 'mnist-weights'])
})
