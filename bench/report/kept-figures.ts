import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { markdownTable } from '../../scripts/pages/markdown-table.js'
import { replaceTable } from '../../scripts/pages/replace-table.js'
import type { Figure, Finding } from '../suite.js'
import { rounded } from './rounded.js'

const FOLDER = fileURLToPath(new URL('../../results/bench/', import.meta.url))
const PAGE = fileURLToPath(new URL('../../docs/measured.md', import.meta.url))

/** What the file of a suite in results/bench holds. */
export interface KeptSuite {
  readonly suite: string
  readonly machine: string
  readonly findings: readonly Finding[]
}

/** Keeps what a suite has found in results/bench, and writes its table in docs/measured.md. */
export async function keepFindings(suite: string, findings: readonly Finding[]): Promise<void> {
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`
  const kept: KeptSuite = { suite, machine, findings }
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}${suite}.json`, `${JSON.stringify(kept, null, 2)}\n`)
  await writeFile(PAGE, replaceTable(await readFile(PAGE, 'utf8'), suite, keptTable(kept)))
}

/** The figures of a suite as Markdown, each beside its rivals, with the machine they were measured on. */
export function keptTable({ machine, findings }: KeptSuite): string {
  const figures = findings.filter((finding): finding is Figure => !('note' in finding))
  const notes = findings.flatMap((finding) => ('note' in finding ? [finding.note] : []))
  const table = markdownTable(['what', 'measured', 'beside it'], figures.map(cellsOf))
  return [`Measured on ${machine}.`, table, ...notes.map((note) => `Note: ${note}`)].join('\n\n')
}

function cellsOf({ name, value, unit, against, counts = {} }: Figure): readonly string[] {
  const rivals = against.map((rival) => `${rounded(value / rival.value)} × ${rival.name} (${rounded(rival.value)})`)
  const counted = Object.entries(counts).map(([what, count]) => `${rounded(count)} ${what}`)
  return [name, `${rounded(value)} ${unit}`, [...rivals, ...counted].join('; ')]
}
