import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import '../support/guard.js'
import { requireFreshBuild } from '../support/built-file.js'

requireFreshBuild()

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface JsonFigure {
  readonly benchmark: string
  readonly value: number
  readonly unit: string
  readonly rival: string | null
  readonly rivalValue: number | null
  readonly ratio: number | null
}

function bench(...flags: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...flags], { cwd: ROOT, encoding: 'utf8' })
}

test('a suite that does not exist is a mistake that names those that do', () => {
  const { stdout, stderr, status } = bench('memroy')
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/"memroy"|'memroy'/)
  for (const suite of [
    'numerics',
    'kernels',
    'training',
    'rivals',
    'links',
    'scaling',
    'memory',
    'growth',
    'sparse',
    'cycles',
    'watch',
    'placing',
  ])
    expect(stderr).toContain(suite)
})

test('a commit that does not exist is a mistake', () => {
  const { stderr, status } = bench('--against', 'no-commit', 'before')
  expect(status).toBe(2)
  expect(stderr).toContain('found "no-commit", expected a commit of this repository')
})

describe('quick and as JSON', () => {
  let figures: readonly JsonFigure[] = []

  beforeAll(() => {
    const { stdout, stderr, status } = bench('--quick', '--json', 'memory', 'numerics')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const lines = stdout.trim().split('\n')
    figures = lines.map((line) => JSON.parse(line))
  })

  test('every figure of the chosen suites is finite and stands beside a rival', () => {
    expect(new Set(figures.map(({ benchmark }) => benchmark.split(':')[0]))).toEqual(new Set(['numerics', 'memory']))
    for (const { benchmark, value, rival, rivalValue, ratio } of figures) {
      expect(rival, benchmark).not.toBeNull()
      for (const number of [value, rivalValue, ratio]) expect(Number.isFinite(number), benchmark).toBe(true)
    }
  })

  test('a spike leaves at most 40 bytes on the tape', () => {
    const tapes = figures.filter(({ benchmark }) => benchmark === 'memory: tape')
    expect(tapes).toHaveLength(3)
    for (const { value } of tapes) {
      expect(value).toBeGreaterThan(0)
      expect(value).toBeLessThanOrEqual(40)
    }
  })

  test('nothing grows with the duration of a trial', () => {
    const longTrials = figures.filter(({ benchmark }) => benchmark.includes('trials of 40 s'))
    expect(longTrials.map(({ ratio }) => ratio)).toEqual([1, 1, 1])
  })
})
