import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { markdownTable } from '../../pages/markdown-table.js'
import { antidrome } from '../antidrome.js'
import { round } from '../figure.js'
import { commandOf, methodOf, rowNamed } from '../rows/trained-by.js'
import { runOf } from '../run-row.js'
import { type PairedDifference, pairedBootstrap } from './paired-bootstrap.js'
import { accuraciesBy } from './speaker-accuracies.js'

/** Two rows whose networks heard the same test speakers. */
export interface RowPair {
  readonly row: string
  readonly beside: string
}

/** Rows of spoken digits that are to be told apart. */
export const PAIRS: readonly RowPair[] = [
  { row: 'spoken-digits-thresholds', beside: 'spoken-digits-surrogate-thresholds' },
  { row: 'spoken-digits-thresholds', beside: 'spoken-digits-surrogate-delays' },
  { row: 'spoken-digits-thresholds', beside: 'spoken-digits-surrogate-weights' },
  { row: 'spoken-digits-delays', beside: 'spoken-digits-surrogate-delays' },
  { row: 'spoken-digits-delays', beside: 'spoken-digits-surrogate-weights' },
  { row: 'spoken-digits-weights', beside: 'spoken-digits-surrogate-weights' },
]

export interface ComparedRows extends RowPair, PairedDifference {
  readonly speakers: number
}

/**
 * Evaluates the networks of both rows of each pair, all seeds, and compares their accuracies speaker by speaker, in points;
 * networks run as they learned, those of the surrogate in its time steps.
 *
 * @param data folder of the recordings
 */
export async function compareRows(data: string, say: (line: string) => void): Promise<readonly ComparedRows[]> {
  const rows = [...new Set(PAIRS.flatMap(({ row, beside }) => [row, beside]))]
  const known = new Map<string, ReadonlyMap<string, number>>()
  for (const row of rows) {
    known.set(row, await accuraciesBy('speaker', await predictionsOf(row, data)))
    say(`${row}: measured by speaker`)
  }
  return PAIRS.map((pair) => {
    const [of = new Map(), beside = new Map()] = [known.get(pair.row), known.get(pair.beside)]
    const speakers = [...of.keys()]
    const valuesOf = (accuracies: ReadonlyMap<string, number>) =>
      speakers.map((speaker) => accuracies.get(speaker) ?? 0)
    const { difference, interval } = pairedBootstrap(valuesOf(of), valuesOf(beside))
    const [low, high] = interval
    return {
      ...pair,
      speakers: speakers.length,
      difference: round(difference, 2),
      interval: [round(low, 2), round(high, 2)],
    }
  })
}

/** A table of predictions per seed. */
async function predictionsOf(row: string, data: string): Promise<readonly string[]> {
  const folder = `runs/${runOf(row)}`
  const seeds = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('seed-')).toSorted()
  if (seeds.length === 0)
    throw new Error(`found no ${folder}, expected its trained networks; run ${commandOf(rowNamed(row))}`)
  const method = methodOf(rowNamed(row))
  const place = await mkdtemp(join(tmpdir(), 'antidrome-results-'))
  try {
    const tables: string[] = []
    for (const seed of seeds) {
      const file = join(place, `${seed}.csv`)
      await antidrome(['evaluate', `${folder}/${seed}`, '--data', data, ...method, '--predictions', file, '--json'])
      tables.push(await readFile(file, 'utf8'))
    }
    return tables
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** What was compared before; nothing if there is no such file in the folder. */
export async function readCompared(folder: string): Promise<readonly ComparedRows[]> {
  const text = await readFile(`${folder}/speakers.json`, 'utf8').catch(() => '[]')
  return JSON.parse(text) as readonly ComparedRows[]
}

const HEAD = ['NAME', 'beside', 'points more', '95 % interval over speakers']

/** A row for each pair, also where it was not compared. */
export function speakersTable(compared: readonly ComparedRows[]): string {
  return markdownTable(
    HEAD,
    PAIRS.map(({ row, beside }) => {
      const pair = compared.find((each) => each.row === row && each.beside === beside)
      return [`\`${row}\``, `\`${beside}\``, ...(pair === undefined ? ['not measured', ''] : figuresOf(pair))]
    }),
  )
}

function figuresOf({ difference, interval: [low, high] }: PairedDifference): readonly string[] {
  return [difference.toFixed(2), `${low.toFixed(2)} to ${high.toFixed(2)}`]
}
