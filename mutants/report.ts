import type { Mutant, MutantList } from './mutant.js'
import type { Verdict } from './verdict.js'

/** A line per mutant as it is judged. */
export function verdictLine(mutant: Mutant, verdict: Verdict, isKept: boolean): string {
  const head = `${verdict.outcome.padEnd(9)} ${mutant.id}`
  if (verdict.outcome === 'error') return `${head}: ${verdict.message}`
  const time = `${verdict.seconds.toFixed(1)} s${isKept ? ', kept' : ''}`
  return verdict.outcome === 'found'
    ? `${head} (${time}) by ${verdict.file}: ${verdict.test}`
    : `${head} (${time}) ${mutant.file}: ${mutant.why}`
}

/** How many mutants of each part were found, survived and timed out; then those that were not found, by name. */
export function summaryLines(list: MutantList, verdicts: ReadonlyMap<Mutant, Verdict>): readonly string[] {
  const rows = Object.entries(list).flatMap(([part, mutants]) => {
    const judged = mutants.flatMap((mutant) => verdicts.get(mutant) ?? [])
    return judged.length === 0 ? [] : [row(part, judged)]
  })
  const lines = [heading(), ...rows, row('all', [...verdicts.values()])]
  for (const outcome of ['survived', 'timed out', 'error'] as const) {
    const some = [...verdicts].filter(([, verdict]) => verdict.outcome === outcome)
    if (some.length > 0) lines.push('', `${outcome}:`)
    for (const [mutant, verdict] of some)
      lines.push(`  ${mutant.id}, ${mutant.file}: ${verdict.outcome === 'error' ? verdict.message : mutant.why}`)
  }
  return lines
}

/** The list itself, with the number of mutants of each part. */
export function listLines(list: MutantList, chosen: readonly Mutant[]): readonly string[] {
  const parts = Object.entries(list).map(([part, mutants]) => ({
    part,
    mutants: mutants.filter((mutant) => chosen.includes(mutant)),
  }))
  const lines = parts
    .filter(({ mutants }) => mutants.length > 0)
    .flatMap(({ part, mutants }) => [
      `${part}: ${mutants.length}`,
      ...mutants.map(({ id, why, file }) => `  ${id}, ${file}: ${why}`),
    ])
  return [...lines, `all: ${chosen.length}`]
}

const COLUMNS = ['found', 'survived', 'timed out', 'error'] as const

function heading(): string {
  return ['part'.padEnd(12), ...COLUMNS.map((name) => name.padStart(10)), 'seconds'.padStart(10)].join('')
}

function row(part: string, verdicts: readonly Verdict[]): string {
  const counts = COLUMNS.map((name) => verdicts.filter(({ outcome }) => outcome === name).length)
  const seconds = verdicts.map((verdict) => (verdict.outcome === 'error' ? 0 : verdict.seconds))
  const total = seconds.reduce((sum, each) => sum + each, 0)
  return [part.padEnd(12), ...[...counts, Math.round(total)].map((value) => String(value).padStart(10))].join('')
}
