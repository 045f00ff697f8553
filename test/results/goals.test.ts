import { describe, expect, test } from 'vitest'
import { goalsTable } from '../../scripts/results/goals/goals-table.js'
import { type Goal, RECORDING_GOALS } from '../../scripts/results/goals/recording-goals.js'
import type { Measured } from '../../scripts/results/measured.js'
import { rowNamed } from '../../scripts/results/rows/trained-by.js'
import { PAIRS } from '../../scripts/results/speakers/compare-rows.js'
import '../support/guard.js'

function measured(row: string, accuracy: number, hiddenSpikes?: number): Measured {
  const spread = (mean: number) => ({ mean, std: 0.5, values: [mean - 0.5, mean, mean + 0.5] })
  return {
    ...{ row, task: 'events', network: '', command: '', bar: null, aim: null, testAccuracy: spread(accuracy) },
    ...(hiddenSpikes === undefined ? {} : { hiddenSpikes: spread(hiddenSpikes) }),
    ...{ validationAccuracy: [], epochs: 1, cpuMillisecondsPerSample: null, minutes: null, cores: 1 },
  }
}

const GOALS: readonly Goal[] = [
  { text: 'right', measures: 'accuracy', row: 'a', bar: 88, aim: 91 },
  { text: 'more', measures: 'points', row: 'a', beside: 'b', bar: -1, aim: 1 },
  { text: 'spikes', measures: 'spikes', row: 'a', beside: 'b', bar: 0.4, aim: 0.3 },
]
const linesOf = (...args: readonly [readonly Measured[], Parameters<typeof goalsTable>[2]]) =>
  goalsTable(GOALS, ...args)
    .split('\n')
    .slice(2)

describe('a table of goals', () => {
  test('tells what was found, and in bold what was reached', () => {
    expect(linesOf([measured('a', 89.25, 210), measured('b', 89.5, 600)], [])).toEqual([
      '| right | **89.25 ± 0.50 (3) %** | ≥ 88 % | ≥ 91 % |',
      '| more | **−0.25 points** | ≥ −1 points | ≥ 1 points |',
      '| spikes | **0.35 ×** (210 of 600 a sample) | ≤ 0.4 × | ≤ 0.3 × |',
    ])
    expect(linesOf([measured('a', 87.75, 300), measured('b', 89.5, 600)], [])).toEqual([
      '| right | 87.75 ± 0.50 (3) % | ≥ 88 % | ≥ 91 % |',
      '| more | −1.75 points | ≥ −1 points | ≥ 1 points |',
      '| spikes | 0.5 × (300 of 600 a sample) | ≤ 0.4 × | ≤ 0.3 × |',
    ])
  })

  test('has the interval over speakers of the same two rows', () => {
    const pair = { speakers: 8, difference: 0.4, interval: [-1.2, 2] as const }
    const of = [measured('a', 90), measured('b', 89.6)]
    expect(linesOf(of, [{ row: 'a', beside: 'c', ...pair }])[1]).toContain('| **0.4 points** |')
    expect(linesOf(of, [{ row: 'a', beside: 'b', ...pair }])[1]).toContain(
      '| **0.4 points** (95 % interval over speakers: −1.2 to 2) |',
    )
  })

  test('says what was not measured: a row, the one beside it, or its spikes', () => {
    const foundIn = (of: readonly Measured[]) => linesOf(of, []).map((line) => line.split(' | ')[1])
    expect(foundIn([])).toEqual(['not measured', 'not measured', 'not measured'])
    expect(foundIn([measured('a', 90, 3)])).toEqual(['**90.00 ± 0.50 (3) %**', 'not measured', 'not measured'])
    expect(foundIn([measured('a', 90), measured('b', 90, 3)])[2]).toBe('not measured')
  })
})

test.each(RECORDING_GOALS)('"$text" is of rows that there are, and its aim is beyond the bar', (goal) => {
  const rows = [goal.row, ...(goal.beside === undefined ? [] : [goal.beside])].map(rowNamed)
  for (const { data } of rows) expect(data).toBe(rowNamed(goal.row).data)
  expect(goal.beside === undefined).toBe(goal.measures === 'accuracy')
  const { measures, bar, aim } = goal
  expect(measures === 'spikes' ? aim < bar : aim > bar).toBe(true)
  const { bar: barOfRow, aim: aimOfRow, data } = rowNamed(goal.row)
  if (measures === 'accuracy') expect([bar, aim]).toEqual([barOfRow, aimOfRow])
  if (measures === 'points' && data === 'spoken-digits')
    expect(PAIRS).toContainEqual({ row: goal.row, beside: goal.beside })
})
