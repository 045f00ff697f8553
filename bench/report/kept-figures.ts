import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { markdownTable } from '../../scripts/pages/markdown-table.js'
import { replaceTable } from '../../scripts/pages/replace-table.js'
import type { Figure, Finding } from '../suite.js'
import { besideRival } from './beside-rival.js'
import { rounded } from './rounded.js'
import { unitWords } from './unit-words.js'

const FOLDER = fileURLToPath(new URL('../../results/bench/', import.meta.url))
const PAGE = fileURLToPath(new URL('../../docs/measured.md', import.meta.url))

/** What the file of a suite in results/bench holds. */
export interface KeptSuite {
  readonly suite: string
  readonly machine: string
  readonly findings: readonly Finding[]
}

/** Keeps what a suite has found in results/bench, and writes the tables of docs/measured.md. */
export async function keepFindings(suite: string, findings: readonly Finding[]): Promise<void> {
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`
  const kept: KeptSuite = { suite, machine, findings }
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}${suite}.json`, `${JSON.stringify(kept, null, 2)}\n`)
  await writeFile(PAGE, withKeptTables(await readFile(PAGE, 'utf8'), await readKept()))
}

/** What was kept, in the order of the names. */
export async function readKept(): Promise<readonly KeptSuite[]> {
  const files = await readdir(FOLDER).catch(() => [])
  const texts = files.sort().map((file) => readFile(`${FOLDER}${file}`, 'utf8'))
  return (await Promise.all(texts)).map((text) => JSON.parse(text) as KeptSuite)
}

/** The page with a table for every suite that was kept, figures beside their rivals. */
export function withKeptTables(page: string, kept: readonly KeptSuite[]): string {
  return replaceTable(page, 'suites', kept.map(sectionOf).join('\n\n'))
}

function sectionOf({ suite, machine, findings }: KeptSuite): string {
  const figures = findings.filter((finding): finding is Figure => !('note' in finding))
  const notes = findings.flatMap((finding) => ('note' in finding ? [finding.note] : []))
  const table = markdownTable(['what', 'measured', 'beside it'], figures.map(cellsOf))
  return [`#### ${suite}`, `Measured on ${machine}.`, table, ...notes.map((note) => `Note: ${note}`)].join('\n\n')
}

function cellsOf({ name, value, unit, against, counts = {} }: Figure): readonly string[] {
  const rivals = against.map((rival) => besideRival(value, rival, '×'))
  const counted = Object.entries(counts).map(([what, count]) => `${rounded(count)} ${what}`)
  return [name, `${rounded(value)} ${unitWords(unit)}`, [...rivals, ...counted].join('; ')]
}
