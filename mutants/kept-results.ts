import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeAtomically } from '../src/storage/write-atomically.js'
import type { Mutant } from './mutant.js'
import type { Verdict } from './verdict.js'

interface Kept {
  /** Of the mutant as it was. */
  readonly hash: string
  readonly limit: number
  readonly verdict: Verdict
}

interface Results {
  /** Files of tests that passed without any mutant. */
  readonly passing: readonly string[]
  readonly mutants: Readonly<Record<string, Kept>>
}

/** What is known of the mutants of one state of the sources. */
export interface KeptResults {
  readonly passing: readonly string[]
  /** undefined for a mutant that has changed, or that was given less time. */
  verdictOf(mutant: Mutant, limit: number): Verdict | undefined
  keepPassing(files: readonly string[]): Promise<void>
  keep(mutant: Mutant, limit: number, verdict: Verdict): Promise<void>
}

/** Reads what an earlier call has kept in a file; nothing if `fresh`. Errors are not kept. */
export function openKeptResults(path: string, { fresh }: { readonly fresh: boolean }): KeptResults {
  let results = (fresh ? null : readResults(path)) ?? { passing: [], mutants: {} }
  let writing = Promise.resolve()
  const write = (next: Results) => {
    results = next
    writing = writing.then(() => {
      mkdirSync(dirname(path), { recursive: true })
      return writeAtomically(path, `${JSON.stringify(results, null, 1)}\n`)
    })
    return writing
  }
  return {
    get passing() {
      return results.passing
    },
    verdictOf(mutant, limit) {
      const kept = Object.hasOwn(results.mutants, mutant.id) ? results.mutants[mutant.id] : undefined
      if (kept === undefined || kept.hash !== hashOf(mutant)) return undefined
      return kept.verdict.outcome === 'timed out' && kept.limit < limit ? undefined : kept.verdict
    },
    keepPassing: (files) => write({ ...results, passing: [...new Set([...results.passing, ...files])] }),
    async keep(mutant, limit, verdict) {
      if (verdict.outcome === 'error') return
      const kept = { hash: hashOf(mutant), limit, verdict }
      await write({ ...results, mutants: { ...results.mutants, [mutant.id]: kept } })
    },
  }
}

function hashOf({ file, find, replace, tests, bundle }: Mutant): string {
  const text = JSON.stringify([file, find, replace, tests, bundle ?? null])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** null where nothing was kept, or where what was kept is damaged. */
function readResults(path: string): Results | null {
  try {
    const { passing, mutants } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Results>
    return Array.isArray(passing) && typeof mutants === 'object' && mutants !== null ? { passing, mutants } : null
  } catch {
    return null
  }
}
