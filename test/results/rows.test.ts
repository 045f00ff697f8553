import { expect, test } from 'vitest'
import { ROWS } from '../../scripts/results/rows/index.js'
import { ablation } from '../../scripts/results/rows/row.js'
import { packagedPreset } from '../../src/data/presets/packaged-presets.js'
import { requireParameterKinds } from '../../src/learning/parameter-kinds.js'

const flag = (train: readonly string[], name: string) => {
  const place = train.indexOf(name)
  return place < 0 ? undefined : train[place + 1]
}

test('every row has a name of its own', () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length)
})

test.each(ROWS)('$name trains its task with a preset of that task, and each flag once', ({ task, train, data }) => {
  expect(train[0]).toBe(task)
  const preset = flag(train, '--preset')
  if (preset !== undefined) expect(packagedPreset(preset).task).toBe(task)
  const flags = train.filter((word) => word.startsWith('--'))
  expect(new Set(flags).size).toBe(flags.length)
  const learn = flag(train, '--learn')
  if (learn !== undefined) expect(requireParameterKinds(learn.split(','), '--learn')).toEqual(learn.split(','))
  expect(data !== undefined).toBe(['mnist', 'fashion-mnist', 'events'].includes(task))
})

test('what is aimed at is above the bar', () => {
  for (const { bar, aim } of ROWS) if (aim !== undefined) expect(aim).toBeGreaterThan(bar ?? Number.NaN)
})

test('an ablation adds one kind after the other', () => {
  const base = { task: 'yin-yang', seeds: '1' } as const
  const rows = ablation({ name: 'small', network: '5 hidden', train: ['yin-yang'], base })
  expect(rows.map(({ name }) => name)).toEqual([
    'small-weights',
    'small-delays',
    'small-thresholds',
    'small-adaptation',
    'small-taus',
  ])
  expect(rows[2]?.network).toBe('5 hidden, weights, delays and thresholds')
  expect(rows[4]?.train).toEqual(['yin-yang', '--learn', 'weights,delays,thresholds,adaptation,taus'])
  expect(ablation({ name: 'small', network: '5 hidden', train: ['yin-yang'], base }, ['taus'])).toEqual([rows[4]])
})
