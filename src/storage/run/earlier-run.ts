import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import type { EarlierWork } from '../earlier-work.js'
import { explained, firstMismatch } from '../first-mismatch.js'
import { hasCode } from '../has-code.js'
import { readRegular } from '../regular-file.js'
import { removeDrafts } from '../write-atomically.js'
import { RUN_RECORD, type RunRecord, readRunRecord, shortened } from './run-record.js'

export const NETWORK = 'network.json'
export const METRICS = 'metrics.jsonl'
/** The pictures of a training, without the ending. */
const PICTURES = ['raster', 'curves', 'decision-map'] as const

/** What is of value in the folder of a run; the metrics first, so that a run that is being removed is not taken for a whole one. */
const VALUES: readonly string[] = [METRICS, NETWORK, ...PICTURES.map((name) => `${name}.svg`)]

/** Whether a run writes a file of this name to its folder. */
export function isFileOfRun(name: string): boolean {
  return name === RUN_RECORD || VALUES.includes(name)
}

/** The folders of a training of several seeds. */
const SEED = /^seed-\d+$/

/**
 * Makes room for a run in its folder: what an earlier one left is gone on with, removed, or refused. A record without
 * anything beside it is of no value: that run ended before its first epoch did.
 *
 * Raises `InputError` RUN_EXISTS, and RUN_MISMATCH where a run is to be gone on with that is another one.
 */
export async function settleEarlierRun(
  path: string,
  identity: RunRecord['identity'] | null,
  { resume = false, overwrite = false }: EarlierWork,
): Promise<void> {
  await removeDrafts(
    path,
    [RUN_RECORD, ...VALUES].map((name) => `${name}.`),
  )
  const files = await valuesIn(path)
  if (files.length === 0) return
  const record = await readRunRecord(path)
  const mismatch = resume ? mismatchOf(record, identity) : null
  if (resume && mismatch === null) return
  if (overwrite) return removeRun(path, files)
  throw mismatch === null ? await runExists(path, record) : runMismatch(path, mismatch)
}

/** Whether a run has come to anything: an epoch was done in its folder, or in that of one of its seeds. */
export async function holdsValues(path: string): Promise<boolean> {
  return (await valuesIn(path)).length > 0
}

/** Removes the record of a run that has come to nothing, and those of its seeds. */
export async function removeIdleRun(path: string): Promise<void> {
  if (await holdsValues(path)) return
  await removeSeeds(path)
  await rm(join(path, RUN_RECORD), { force: true })
}

function mismatchOf(record: RunRecord | null, identity: RunRecord['identity'] | null) {
  if (record !== null && identity !== null) return firstMismatch(record.identity, shortened(identity))
  return { field: 'identity', found: 'a run that does not say what it is of', expected: 'the run that is resumed' }
}

/** The files of value that a run has left in a folder and in those of its seeds. */
async function valuesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  const own = VALUES.filter((name) => entries.some((entry) => entry.name === name))
  const seeds = entries.filter((entry) => entry.isDirectory() && SEED.test(entry.name))
  const below = await Promise.all(seeds.map(({ name }) => valuesIn(join(path, name))))
  return [...own.map((name) => join(path, name)), ...below.flat()]
}

async function removeRun(path: string, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { recursive: true, force: true })
  await removeSeeds(path)
}

async function removeSeeds(path: string): Promise<void> {
  for (const name of (await readdir(path)).filter((each) => SEED.test(each))) {
    const seed = join(path, name)
    await rm(join(seed, RUN_RECORD), { force: true })
    // What else is in it is not ours.
    await rmdir(seed).catch((error: unknown) => {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error
    })
  }
}

async function runExists(path: string, record: RunRecord | null): Promise<InputError> {
  const kind = (await resultOfRun(path)) === null ? 'an unfinished run' : 'a finished run'
  return new InputError({
    code: 'RUN_EXISTS',
    file: path,
    field: 'run',
    found: record === null ? kind : `${kind} of ${record.task}`,
    expected: 'a folder without one',
    remedy: 'Choose another name, or replace it with --overwrite; with checkpoints, --resume continues it.',
  })
}

function runMismatch(path: string, mismatch: { field: string; found: string; expected: string }): InputError {
  return new InputError({
    code: 'RUN_MISMATCH',
    file: join(path, RUN_RECORD),
    ...mismatch,
    remedy: explained(mismatch.field, 'Choose another name, or replace the run with --overwrite.'),
  })
}

/** What a run has come to, the last line of its metrics; null of one that is not through. */
export async function resultOfRun(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const lines = (await readRegular(join(path, METRICS))).toString('utf8').trimEnd().split('\n')
    const last: unknown = JSON.parse(lines.at(-1) ?? '')
    const isResult = typeof last === 'object' && last !== null && 'done' in last && last.done === true
    return isResult ? (last as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
