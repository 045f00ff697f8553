import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import { type LineRecord, recordLines } from '../json-lines.js'
import { readTextWithin } from '../read-text.js'
import { METRICS } from './earlier-run.js'
import { RUN_RECORD, type RunRecord, readRunRecord } from './run-record.js'

/** What the folder of a training holds. */
export interface WholeRun {
  readonly path: string
  readonly record: RunRecord
  /** Its lines, in their order. */
  readonly epochs: readonly LineRecord[]
  /** What it has come to; null: it is not through. */
  readonly result: LineRecord | null
}

const DAMAGED = {
  code: 'RUN_DAMAGED',
  expected: 'what train has written',
  remedy: 'Leave the run out, or train it anew with --overwrite.',
}

/**
 * Reads the record and all metrics of a training, or of every seed of several. Null: there is no record.
 *
 * Raises `InputError` RUN_DAMAGED with the file and its line, FILE_UNREADABLE.
 */
export async function readWholeRuns(folder: string): Promise<readonly WholeRun[] | null> {
  const record = await recordIn(folder)
  if (record === null) return null
  const { seeds, ...common } = record
  if (!Array.isArray(seeds) || record.seed !== undefined) return [await withMetrics(folder, record)]
  const runs: WholeRun[] = []
  for (const seed of seeds) {
    const own = join(folder, `seed-${seed}`)
    // One that has not begun has nothing but what all have in common.
    runs.push(await withMetrics(own, (await recordIn(own)) ?? { ...common, seed }))
  }
  return runs
}

async function recordIn(folder: string): Promise<RunRecord | null> {
  const file = join(folder, RUN_RECORD)
  if (!(await isThere(file))) return null
  const record = await readRunRecord(folder)
  if (record !== null) return record
  throw new InputError({ ...DAMAGED, file, field: 'run', found: 'no record of a run, or one of another version' })
}

async function withMetrics(path: string, record: RunRecord): Promise<WholeRun> {
  const file = join(path, METRICS)
  const text = (await isThere(file)) ? await readTextWithin(file, 'run') : ''
  const { lines } = recordLines(text, file, DAMAGED)
  const last = lines.at(-1)
  const result = last?.done === true ? last : null
  return { path, record, epochs: result === null ? lines : lines.slice(0, -1), result }
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
