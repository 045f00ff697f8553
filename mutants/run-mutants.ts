import type { KeptResults } from './kept-results.js'
import type { Mutant } from './mutant.js'
import { Unplanted, withMutant } from './plant.js'
import { runTests, type TestRun } from './run-tests.js'
import type { Verdict } from './verdict.js'

export interface MutantRunOptions {
  /** Copies of the repository: as many mutants run at the same time. */
  readonly copies: readonly string[]
  /** In seconds, for all tests of one mutant. */
  readonly limit: number
  readonly kept: KeptResults
  readonly signal: AbortSignal
  /** Told before anything runs how many files of tests pass for the first time. */
  readonly onControl: (tests: readonly string[]) => void
  readonly onVerdict: (mutant: Mutant, verdict: Verdict, isKept: boolean) => void
}

/**
 * Judges mutants: first by what is kept of earlier calls; then the tests of all others run once without a mistake, and once
 * more with each mistake in its place, up to the first failure.
 */
export async function runMutants(mutants: readonly Mutant[], options: MutantRunOptions): Promise<void> {
  const { copies, limit, kept, signal, onControl, onVerdict } = options
  const open: Mutant[] = []
  for (const mutant of mutants) {
    const verdict = kept.verdictOf(mutant, limit)
    if (verdict === undefined) open.push(mutant)
    else onVerdict(mutant, verdict, true)
  }
  const tests = [...new Set(open.flatMap((mutant) => mutant.tests))].filter((path) => !hasPassed(path, kept))
  if (tests.length > 0) onControl(tests)
  const failing = tests.length === 0 ? [] : await control(copies[0] as string, tests, options)
  const next = open.values()
  await Promise.all(
    copies.map(async (copy) => {
      for (const mutant of next) {
        const verdict = await judge(copy, mutant, failing, { limit, signal })
        await kept.keep(mutant, limit, verdict)
        onVerdict(mutant, verdict, false)
      }
    }),
  )
}

/** A folder stands for all files in it, which are not known here: its tests pass once more. */
function hasPassed(path: string, { passing }: KeptResults): boolean {
  return passing.includes(path)
}

/** Runs tests without any mutant: failures are those of the repository or of the machine. */
async function control(
  copy: string,
  tests: readonly string[],
  options: MutantRunOptions,
): Promise<TestRun['failures']> {
  const { failures, passed } = await runTests(copy, tests, { signal: options.signal, limit: null, bail: false })
  const whole = tests.filter(
    (path) => passed.some((file) => isIn(file, path)) && !failures.some(({ file }) => isIn(file, path)),
  )
  await options.kept.keepPassing(whole)
  return failures
}

async function judge(
  copy: string,
  mutant: Mutant,
  failing: TestRun['failures'],
  options: { readonly limit: number; readonly signal: AbortSignal },
): Promise<Verdict> {
  const broken = failing.filter(({ file }) => mutant.tests.some((path) => isIn(file, path)))
  if (broken.length > 0) {
    const names = broken.map(({ file, test }) => `${file}: ${test}`)
    return { outcome: 'error', message: `tests fail without the mutant: ${names.join('; ')}` }
  }
  try {
    return await withMutant(copy, mutant, options.signal, () => runInStages(copy, mutant.tests, options))
  } catch (error) {
    if (error instanceof Unplanted) return { outcome: 'error', message: error.message }
    throw error
  }
}

/** The test that is most likely to fail first, since all tests of a run start at once. */
async function runInStages(
  copy: string,
  [first = '', ...others]: readonly string[],
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<Verdict> {
  let seconds = 0
  for (const tests of [[first], others].filter((paths) => paths.length > 0)) {
    const run = await runTests(copy, tests, { signal, limit: limit - seconds, bail: true })
    seconds += run.seconds
    const failure = run.failures[0]
    if (run.isLate) return { outcome: 'timed out', seconds }
    if (failure !== undefined) return { outcome: 'found', ...failure, seconds }
  }
  return { outcome: 'survived', seconds }
}

/** Whether a file is a path or below it. */
function isIn(file: string, path: string): boolean {
  return file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`)
}
