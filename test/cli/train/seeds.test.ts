import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatSeedSummary, type SeedSummary, summaryOfSeeds } from '../../../src/cli/train/train-seeds.js'
import type { TestedResult, TrainingResult } from '../../../src/cli/train/training-result.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)
const EPOCHS = 3
const SMALL = [
  'train',
  'temporal-patterns',
  '--preset',
  PRESET,
  '--epochs',
  `${EPOCHS}`,
  '--seeds',
  '3,1',
  '--keep-best',
]

describe('several seeds', () => {
  test('are trained one after the other, and told apart', async () => {
    const whole = await run(...SMALL, '--json', '--name', 'whole')
    expect({ code: whole.code, err: whole.err }).toEqual({ code: 0, err: '' })
    const lines = jsonLines(whole.out)
    const ends = [...Array.from({ length: EPOCHS }, (_, k) => k + 1), 'end']
    expect(lines.map(({ epoch, seed, seeds }) => [epoch ?? 'end', seed ?? seeds])).toEqual([
      ...ends.map((end) => [end, 3]),
      ...ends.map((end) => [end, 1]),
      ['end', 2],
    ])
    const [first, second, summary] = lines.filter(({ done }) => done === true) as [TestedResult, TestedResult, object]
    expect(first).toMatchObject({ bestEpoch: expect.any(Number), run: join('runs', 'whole', 'seed-3') })
    expect(first.digest).not.toBe(second.digest)
    expect(summary).toEqual(JSON.parse(JSON.stringify(summaryOfSeeds(join('runs', 'whole'), [first, second]))))
    const read = (...path: string[]) => readFileSync(join('runs', ...path), 'utf8')
    expect(jsonLines(read('whole', 'metrics.jsonl'))).toEqual([first, second, summary])
    expect(jsonLines(read('whole', 'seed-1', 'metrics.jsonl'))).toEqual(lines.slice(ends.length, 2 * ends.length))
  })

  test('have a mean and a sample standard deviation', () => {
    const results = [0.9, 0.8, 1].map((testAccuracy, k): TrainingResult => {
      return { done: true, seed: k + 1, testAccuracy, hiddenSpikes: 10 * k, run: `r/seed-${k + 1}`, digest: 'd' }
    })
    const summary = summaryOfSeeds('r', results) as SeedSummary
    expect(summary.testAccuracy.mean).toBeCloseTo(0.9, 15)
    expect(summary.testAccuracy.std).toBeCloseTo(0.1, 15)
    expect(summary).toMatchObject({
      done: true,
      seeds: 3,
      testAccuracy: { values: [0.9, 0.8, 1] },
      run: 'r',
      runs: results,
    })
    expect(formatSeedSummary(summary)).toBe(
      [
        'seed 1         90.00 %',
        'seed 2         80.00 %',
        'seed 3         100.00 %',
        'test accuracy  90.00 ± 10.00 % (mean ± standard deviation of 3)',
        'hidden spikes  10.0 ± 10.0 a sample (mean ± standard deviation of 3)',
        'run            r/ holds a folder per seed',
        '',
      ].join('\n'),
    )
    const one = summaryOfSeeds('r', results.slice(0, 1)) as SeedSummary
    expect(one.testAccuracy).toEqual({ mean: 0.9, std: null, values: [0.9] })
    expect(formatSeedSummary(one)).toContain('test accuracy  90.00 % (mean of 1)\n')
  })

  test('tell how far spikes are from their targets, of those that hit any', () => {
    const results = [0.25, null, 0.75].map((timingError, k): TrainingResult => {
      return { done: true, seed: k, testAccuracy: 1, timingError, missedTargets: 0, run: `r/seed-${k}`, digest: 'd' }
    })
    const summary = summaryOfSeeds('r', results)
    expect(summary.timingError).toMatchObject({ mean: 0.5, values: [0.25, 0.75] })
    const told = formatSeedSummary(summary)
    expect(told).toContain('spikes off by  0.5000 ± 0.3536 ms (mean ± standard deviation of 2)\n')
    expect(told).toContain('seed 0         spikes off by 0.2500 ms\nseed 1         no target has a spike\n')
    expect(told).not.toContain('accuracy')
    expect(summaryOfSeeds('r', [results[1] as TrainingResult])).not.toHaveProperty('timingError')
  })

  test('tell no spikes unless all of them were counted', () => {
    const counted: TrainingResult = { done: true, testAccuracy: 1, hiddenSpikes: 3, run: 'r', digest: 'd' }
    const { hiddenSpikes: _, ...uncounted } = counted
    expect(summaryOfSeeds('r', [counted, counted]).hiddenSpikes?.mean).toBe(3)
    expect(summaryOfSeeds('r', [counted, uncounted])).not.toHaveProperty('hiddenSpikes')
  })

  test('stand in for one: both are refused', async () => {
    const { code, err } = await run('train', 'yin-yang', '--seeds', '1..2', '--seed', '1')
    expect(code).toBe(2)
    expect(err).toContain('[FLAG_CONFLICT]')
  })
})
