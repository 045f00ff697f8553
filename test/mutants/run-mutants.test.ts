import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKeptResults } from '../../mutants/kept-results.js'
import type { Mutant } from '../../mutants/mutant.js'
import { runMutants } from '../../mutants/run-mutants.js'
import type { Verdict } from '../../mutants/verdict.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTree } from './write-tree.js'

const SOURCE = 'export const step = 1\n'

/**
 * In place of vitest: notes what it was called with; every test is a program, which it loads with the source, and fails if that
 * throws. A source that says "hang" never ends.
 */
const RUNNER = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
// Behind "run --mode ci".
const flags = process.argv.slice(5)
const tests = flags.filter((flag) => !flag.startsWith('--'))
const report = flags.find((flag) => flag.startsWith('--outputFile.json=')).slice('--outputFile.json='.length)
appendFileSync('calls', tests.join(' ') + '\\n')
if (process.env.ANTIDROME_STALE_BUILD === undefined) throw new Error('tests would refuse the build')
const source = readFileSync('src/data/a.ts', 'utf8')
if (source.includes('hang')) setInterval(() => undefined, 1000)
else {
  const testResults = tests.map((test) => {
    const failed = source.includes(readFileSync(test, 'utf8').trim())
    const status = failed ? 'failed' : 'passed'
    return { name: process.cwd() + '/' + test, status, assertionResults: [{ status, fullName: 'looks at a' }] }
  })
  writeFileSync(report, JSON.stringify({ testResults }))
  process.exitCode = testResults.some(({ status }) => status === 'failed') ? 1 : 0
}
`

const MUTANT: Mutant = {
  id: 'found',
  why: 'a step too many',
  file: 'src/data/a.ts',
  find: 'step = 1',
  replace: 'step = 2',
  tests: ['test/quick.test.ts', 'test/finds-2.test.ts'],
}

const FILES = {
  'src/data/a.ts': SOURCE,
  'node_modules/vitest/vitest.mjs': RUNNER,
  '.build/none': '',
  'test/quick.test.ts': 'step = 3',
  'test/finds-2.test.ts': 'step = 2',
  'test/broken.test.ts': 'export const',
}

/** What came of mutants by their ids, and which tests ran. */
async function judge(folder: string, mutants: readonly Mutant[], { limit = 300, fresh = true } = {}) {
  writeTree(folder, { calls: '' })
  const verdicts: Record<string, Verdict> = {}
  await runMutants(mutants, {
    ...{ copies: [folder], limit, signal: new AbortController().signal },
    kept: openKeptResults(join(folder, '.build/mutants/kept.json'), { fresh }),
    onControl: () => undefined,
    onVerdict: ({ id }, verdict) => {
      verdicts[id] = verdict
    },
  })
  expect(readFileSync(join(folder, MUTANT.file), 'utf8')).toBe(SOURCE)
  return { verdicts, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') }
}

test('a mutant is found by the first test that fails, or survives; each is taken back', async () => {
  await using folder = await temporaryFolder()
  writeTree(folder.path, FILES)
  const survivor = { ...MUTANT, id: 'survives', replace: 'step = 4' }
  const { verdicts, calls } = await judge(folder.path, [MUTANT, survivor])
  expect(verdicts.found).toMatchObject({ outcome: 'found', test: 'looks at a', file: 'test/finds-2.test.ts' })
  expect(verdicts.survives).toMatchObject({ outcome: 'survived' })
  const stages = ['test/quick.test.ts', 'test/finds-2.test.ts']
  expect(calls).toEqual(['test/quick.test.ts test/finds-2.test.ts', ...stages, ...stages])
  const again = await judge(folder.path, [MUTANT, { ...survivor, replace: 'step = 5' }], { fresh: false })
  expect(again.verdicts.found).toEqual(verdicts.found)
  expect(again.calls).toEqual(stages)
})

test.each<[string, Partial<Mutant>, RegExp]>([
  ['does not apply', { find: 'step = 7' }, /^wrong does not apply to src\/data\/a\.ts: "find" occurs 0 times/],
  ['does not build', { replace: 'step = = 2' }, /^wrong does not build: .*\n?src\/data\/a\.ts/s],
  [
    'has tests that fail without it',
    { tests: ['test/broken.test.ts'] },
    /^tests fail without .* test\/broken\.test\.ts/,
  ],
])('a mutant that %s is an error, never found', async (_, change, message) => {
  await using folder = await temporaryFolder()
  writeTree(folder.path, FILES)
  const { verdicts } = await judge(folder.path, [{ ...MUTANT, ...change, id: 'wrong' }, MUTANT])
  expect(verdicts.wrong).toMatchObject({ outcome: 'error', message: expect.stringMatching(message) })
  expect(verdicts.found).toMatchObject({ outcome: 'found' })
})

test('a mutant whose tests hang is timed out, which is not found', async () => {
  await using folder = await temporaryFolder()
  writeTree(folder.path, FILES)
  const hanging = { ...MUTANT, id: 'hangs', replace: "step = 'hang'" }
  const { verdicts } = await judge(folder.path, [hanging], { limit: 0.2 })
  expect(verdicts.hangs).toMatchObject({ outcome: 'timed out' })
})
