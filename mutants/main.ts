// Mutants: plants known mistakes one by one and says which of them the tests find. See CONTRIBUTING.md.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { faultsOfList } from './check-list.js'
import { chooseMutants } from './choose-mutants.js'
import { openKeptResults } from './kept-results.js'
import { MUTANTS } from './list/index.js'
import type { Mutant } from './mutant.js'
import { listLines, summaryLines, verdictLine } from './report.js'
import { runMutants } from './run-mutants.js'
import { copyTree, digestOfTree, removeTree } from './source-tree.js'
import type { Verdict } from './verdict.js'

const MISTAKE = 2
const INTERRUPTED = 130
const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Flags {
  readonly limit: number
  readonly jobs: number
  readonly list?: boolean
  readonly fresh?: boolean
}

const positive = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(`found "${text}", expected an integer from 1`)
  return value
}

/** The exit code: 1 if a mutant could not be judged. Mutants that survive are a measure, no failure. */
async function run(chosen: readonly Mutant[], { limit, jobs, list = false, fresh = false }: Flags): Promise<number> {
  const faults = faultsOfList(MUTANTS, ROOT)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  if (list) {
    for (const line of listLines(MUTANTS, chosen)) console.log(line)
    return 0
  }
  const kept = openKeptResults(join(ROOT, '.build/mutants', `${digestOfTree(ROOT).slice(0, 16)}.json`), { fresh })
  const verdicts = new Map<Mutant, Verdict>()
  const end = new AbortController()
  const interrupt = () => end.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  const copies: string[] = []
  try {
    for (let job = 0; job < Math.min(jobs, chosen.length); job++) copies.push(copyTree(ROOT))
    await runMutants(chosen, {
      copies,
      limit,
      kept,
      signal: end.signal,
      onControl: (tests) => console.log(`without a mutant: ${tests.length} files and folders of tests`),
      onVerdict(mutant, verdict, isKept) {
        verdicts.set(mutant, verdict)
        console.log(`[${verdicts.size}/${chosen.length}] ${verdictLine(mutant, verdict, isKept)}`)
      },
    })
  } catch (error) {
    if (!end.signal.aborted) throw error
    console.error('interrupted; the same call goes on where this one ended')
  } finally {
    for (const copy of copies) removeTree(copy)
  }
  for (const line of ['', ...summaryLines(MUTANTS, verdicts)]) console.log(line)
  if (end.signal.aborted) return INTERRUPTED
  return [...verdicts.values()].some(({ outcome }) => outcome === 'error') ? 1 : 0
}

// Should the process run out of work before the last mutant is judged, that is no success.
process.exitCode = 1

const program = new Command('npm run mutants --')
  .description('Plants known mistakes one by one in a copy of the repository, and says which of them the tests find.')
  .argument('[names...]', 'parts or ids of mutants; default: all')
  .option('--limit <seconds>', 'for the tests of one mutant', positive, 120)
  .option('--jobs <n>', 'mutants at the same time', positive, Math.min(2, availableParallelism()))
  .option('--list', 'print the list and run nothing')
  .option('--fresh', 'forget what earlier calls have found of the same sources')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : MISTAKE))
  .action(async (names: readonly string[], flags: Flags) => {
    process.exitCode = await run(chosenBy(names), flags)
  })
program.parseAsync().catch((error: unknown) => console.error(error instanceof Error ? error.message : error))

function chosenBy(names: readonly string[]): readonly Mutant[] {
  try {
    return chooseMutants(MUTANTS, names)
  } catch (error) {
    return program.error((error as Error).message)
  }
}
