import { describe, expect, test } from 'vitest'
import { readSourceTree } from '../support/source-tree.js'
import { findTimedVerdicts, TIMED_RULES, type TimedRule } from '../support/timed-verdicts.js'

const rulesBroken = (text: string) => findTimedVerdicts([{ path: 'a.test.ts', text }]).map(({ rule }) => rule)

describe('the tests', () => {
  const files = readSourceTree(new URL('..', import.meta.url)).filter(({ path }) => path.endsWith('.ts'))

  test('let no clock decide, and would be found out with one limit more', () => {
    expect(files.length).toBeGreaterThan(300)
    const path = 'laws/planted.test.ts'
    const found = findTimedVerdicts([...files, { path, text: `\ntest('a law', { timeout: 120_000 }, () => {})` }])
    expect(found).toEqual([{ rule: 'test-timeout', path, line: 2, found: 'timeout: 120_000' }])
  })
})

const planted: Record<TimedRule, readonly string[]> = {
  'test-timeout': [
    `test('a', { timeout: 5 }, () => {})`,
    `describe.each([1, 2])('a', { timeout: 5 }, () => {})`,
    `const slow = { timeout: 5 }`,
    `const slow = { timeout }`,
    `test('a', () => {}, 180_000)`,
    `test.each([1, 2])('%i', async (k) => {}, LIMIT)`,
    `it.skip.each\`a\`('a', function () {}, LIMIT)`,
    'beforeAll(async () => {}, 1000)',
    `vi.setConfig({ testTimeout: 5 })`,
    'await vi.waitFor(() => isDone)',
    'await expect.poll(() => value).toBe(3)',
    `execFile('node', [], { timeout: 1000 })`,
  ],
  'test-retry': [`test('a', { retry: 3 }, () => {})`],
  'test-clock': [
    'expect(Date.now() - start).toBeLessThan(5000)',
    'const start = performance.now()',
    'const start = globalThis.performance.now()',
    'const start = new Date()',
    'const start = process.hrtime.bigint()',
    'while (process.uptime() < 3);',
  ],
}

describe.each(TIMED_RULES)('the gate "%s"', (rule) => {
  test.each(planted[rule])('finds %s', (text) => {
    expect([...new Set(rulesBroken(text))]).toEqual([rule])
  })
})

test.each([
  `test('a', () => {})`,
  `test.each([1, 2])('%i', (k) => {})`,
  `describe.each([{ name: 'a', run: () => 3 }])('$name', ({ run }) => {})`,
  `beforeAll(async () => {})`,
  `const text = 'Date.now() - start'`,
  'clock.now()',
  'new Date(0)',
  'await new Promise((resolve) => setTimeout(resolve, 5))',
])('nothing is wrong with %s', (text) => {
  expect(rulesBroken(text)).toEqual([])
})
