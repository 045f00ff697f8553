import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runProcess } from './run-process.js'

const VITEST = 'node_modules/vitest/vitest.mjs'
/** Mistakes are planted in sources without a build: tests of what is built run as ever. */
const BUILT_BEFORE = { ANTIDROME_STALE_BUILD: 'mutants' }
const OUTSIDE = 'an error outside of every test'

export interface Failure {
  readonly test: string
  /** Below the root of the repository. */
  readonly file: string
}

export interface TestRun {
  readonly isLate: boolean
  readonly failures: readonly Failure[]
  /** Files whose tests all passed. */
  readonly passed: readonly string[]
  readonly seconds: number
}

export interface TestRunOptions {
  readonly signal: AbortSignal
  /** In seconds; null is none. */
  readonly limit: number | null
  /** Whether the first failure ends the run. */
  readonly bail: boolean
}

/** What is read of vitest's report. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Runs tests of a copy of the repository. Raises an error if vitest itself fails. */
export async function runTests(copy: string, tests: readonly string[], options: TestRunOptions): Promise<TestRun> {
  const { signal, limit, bail } = options
  const report = join(copy, '.build/mutant-report.json')
  rmSync(report, { force: true })
  const start = performance.now()
  const flags = ['--reporter=json', `--outputFile.json=${report}`, ...(bail ? ['--bail=1'] : [])]
  const argv = [VITEST, 'run', '--mode=ci', ...flags, ...tests]
  const { code, err } = await runProcess(copy, argv, { signal, limit, env: BUILT_BEFORE })
  const seconds = (performance.now() - start) / 1000
  if (code === null) return { isLate: true, failures: [], passed: [], seconds }
  const results = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report).testResults : []
  if (results.length === 0) throw new Error(`vitest ran no test of ${tests.join(', ')}: ${err.trim()}`)
  const failures = results.flatMap((result) => failuresOf(result, relative(copy, result.name)))
  if (failures.length === 0 && code !== 0) failures.push({ test: OUTSIDE, file: tests.join(', ') })
  const passed = results.filter(({ status }) => status === 'passed').map(({ name }) => relative(copy, name))
  return { isLate: false, failures, passed, seconds }
}

function failuresOf({ status, message, assertionResults }: Report['testResults'][number], file: string): Failure[] {
  const failed = assertionResults.filter((result) => result.status === 'failed')
  if (failed.length > 0) return failed.map(({ fullName }) => ({ test: fullName, file }))
  if (status !== 'failed') return []
  return [{ test: `the file does not load: ${(message ?? '').split('\n')[0]}`, file }]
}
