/// <reference lib="esnext.disposable" preserve="true" />
import { appendFile, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, type RunError } from '../events/errors.js'
import type { CheckpointStore } from './checkpoint/checkpoint-store.js'
import { isStoreAway } from './checkpoint/object-bucket.js'
import { requireIdentity } from './checkpoint/require-identity.js'
import type { EarlierWork } from './earlier-work.js'
import { firstMismatch } from './first-mismatch.js'
import { hasCode } from './has-code.js'
import { type LineRecord, type RecordLines, recordLines } from './json-lines.js'
import { openLocked } from './lock/lock-folder.js'
import { readRegular } from './regular-file.js'
import { removeIdleRun, settleEarlierRun } from './run/earlier-run.js'
import { removeDrafts, unwritable, writeAtomically } from './write-atomically.js'

/** The file in the folder of a sweep that tells what came of it. */
export const LEDGER = 'sweep.jsonl'
/** The picture of its settings beside it. */
export const SWEEP_PICTURE = 'sweep.svg'
/** The folder below it that holds a folder for each of its runs. */
export const SWEEP_RUNS = 'runs'

/** The name of the folder of a run of a sweep, by setting, epochs of a rung and seed. */
export function nameOfSweepRun(setting: number, seed: number, epochs: number | null): string {
  const rung = epochs === null ? '' : `epochs-${epochs}-`
  return `${String(setting).padStart(3, '0')}-${rung}seed-${seed}`
}

const RUN = /^\d{3,}-(epochs-\d+-)?seed-\d+$/

/** A line of the ledger of a sweep. */
export type LedgerRecord = LineRecord

/** What a sweep has come to, line by line, in an order that does not depend on what ran when. */
export interface SweepLedger extends AsyncDisposable {
  /** What an earlier call has left behind the head. */
  readonly records: readonly LedgerRecord[]
  append(record: LedgerRecord): Promise<void>
}

/** Checkpoints that hold a ledger, too, so that a machine without its folder can go on with the sweep. */
export interface LedgerCopy {
  readonly store: CheckpointStore
  /** Version of the package; for people. */
  readonly writer: string
  /** Called once the store is away: the sweep goes on, and the copy follows when the store is back. */
  readonly onAway: (error: RunError) => void
}

/**
 * Opens the ledger of a sweep in its folder, which stays locked until it is closed. Its first line, the head, says which sweep
 * it is of. A last line that was cut off by the end of a process is removed. Where there is a copy, what is longer is gone on
 * with: both begin with the same lines, for a sweep writes the same ones wherever it runs.
 *
 * Raises `InputError` FOLDER_IN_USE, SWEEP_EXISTS without `resume` or `overwrite`, SWEEP_MISMATCH with the field of the head
 * that differs, SWEEP_LEDGER for lines that are none of a ledger, CHECKPOINT_MISMATCH; `RunError` FILE_UNWRITABLE, and of the
 * copy LEASE_LOST, STORE_DENIED.
 */
export async function openSweepLedger(
  folder: string,
  head: LedgerRecord,
  { resume = false, overwrite = false }: EarlierWork,
  copy: LedgerCopy | null = null,
): Promise<SweepLedger> {
  const path = join(folder, LEDGER)
  return openLocked(folder, 'sweep', async ({ release }) => {
    await removeDrafts(folder, [`${LEDGER}.`, `${SWEEP_PICTURE}.`])
    const found = await readLedger(path)
    const copied = copy !== null && resume ? await readCopy(copy, head) : null
    const isContinued = resume && (found !== null || copied !== null)
    if (!isContinued) await clearRuns(folder, found !== null, overwrite)
    const own = found !== null && resume ? continued(path, found, head) : null
    const records = longerOf(own, copied)
    if (records !== own || found?.isCut)
      await writeAtomically(path, [head, ...records].map((record) => `${JSON.stringify(record)}\n`).join(''))
    const keeper = copy === null ? null : createCopyKeeper(copy, head, records)
    // Before any run begins, there is a sweep to be gone on with.
    if (records.length > (copied?.length ?? -1)) await keeper?.write()
    return {
      records,
      async append(record) {
        await appendFile(path, `${JSON.stringify(record)}\n`).catch((cause: unknown) => {
          throw unwritable(path, cause)
        })
        await keeper?.append(record)
      },
      async [Symbol.asyncDispose]() {
        try {
          await keeper?.finish()
        } finally {
          await release()
        }
      },
    }
  })
}

/** Removes what an earlier sweep has left, if that is to be replaced; runs without a ledger are those of another one. */
async function clearRuns(folder: string, isThere: boolean, overwrite: boolean): Promise<void> {
  const earlier = await runsIn(folder)
  if (!overwrite && (isThere || earlier.length > 0)) throw sweepExists(folder, isThere)
  for (const run of earlier) await removeRun(run)
  if (isThere || earlier.length > 0) await rm(join(folder, SWEEP_PICTURE), { force: true })
}

type Records = readonly LedgerRecord[]

function longerOf(own: Records | null, copied: Records | null): Records {
  if (own !== null && own.length >= (copied?.length ?? 0)) return own
  return copied ?? []
}

/** The lines behind the head that a copy has; null: there is no copy. */
async function readCopy({ store }: LedgerCopy, head: LedgerRecord): Promise<readonly LedgerRecord[] | null> {
  const found = await store.newest()
  if (found === null) return null
  requireIdentity(found, { kind: 'sweep', identity: textsOf(head) })
  return (found.checkpoint.body as CopiedLedger).records
}

interface CopiedLedger {
  readonly records: readonly LedgerRecord[]
}

/** @param kept what the ledger begins with */
function createCopyKeeper({ store, writer, onAway }: LedgerCopy, head: LedgerRecord, kept: readonly LedgerRecord[]) {
  const records = [...kept]
  let isBehind = false

  async function write(): Promise<void> {
    const body: CopiedLedger = { records }
    const position = { lines: records.length }
    await store.write({ head: { kind: 'sweep', writer, identity: textsOf(head), position }, body })
    isBehind = false
  }

  return {
    write,
    async append(record: LedgerRecord): Promise<void> {
      records.push(record)
      try {
        await write()
      } catch (error) {
        if (!isStoreAway(error)) throw error
        if (!isBehind) onAway(error)
        isBehind = true
      }
    },
    /** Another try, if the last line is not there yet. */
    async finish(): Promise<void> {
      if (!isBehind) return
      await write().catch((error: unknown) => {
        if (!isStoreAway(error)) throw error
      })
    },
  }
}

/** Null if there is none, or nothing whole in it. */
async function readLedger(path: string): Promise<RecordLines | null> {
  const text = await readRegular(path).then(
    (bytes) => bytes.toString('utf8'),
    (error: unknown) => {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return ''
      throw unwritable(path, error)
    },
  )
  const remedy = 'Choose another folder, or begin anew with --overwrite.'
  const found = recordLines(text, path, { code: 'SWEEP_LEDGER', expected: 'a record of a sweep', remedy })
  return found.lines.length === 0 ? null : found
}

/** The folders of the runs that are through, as the ledger in the folder of a sweep has them; null: there is no ledger. */
export async function runsOfSweep(folder: string): Promise<readonly string[] | null> {
  const found = await readLedger(join(folder, LEDGER))
  const isThrough = ({ run, failed }: LedgerRecord) => typeof run === 'string' && RUN.test(run) && failed === undefined
  return found?.lines.filter(isThrough).map(({ run }) => join(folder, SWEEP_RUNS, String(run))) ?? null
}

/** The lines behind the head, which must be that of the sweep. */
function continued(path: string, { lines: [own = {}, ...records] }: RecordLines, head: LedgerRecord) {
  const mismatch = firstMismatch(textsOf(own), textsOf(head))
  if (mismatch === null) return records
  throw new InputError({
    code: 'SWEEP_MISMATCH',
    file: path,
    ...mismatch,
    remedy: 'Continue the sweep with the file and the flags that it was begun with, or choose another --out.',
  })
}

function textsOf(record: LedgerRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, JSON.stringify(value)]))
}

/** The names of the folders of runs of a sweep in a folder. */
async function runsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, SWEEP_RUNS)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  return names.filter((name) => RUN.test(name)).map((name) => join(folder, SWEEP_RUNS, name))
}

/** Removes what a run writes, and its folder if nothing else is in it. */
async function removeRun(path: string): Promise<void> {
  await settleEarlierRun(path, null, { overwrite: true })
  await removeIdleRun(path)
  await rmdir(path).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error
  })
}

function sweepExists(folder: string, isContinued: boolean): InputError {
  const found = isContinued ? 'a sweep' : `nothing, and runs of a sweep in ${SWEEP_RUNS}`
  return new InputError({
    ...{ code: 'SWEEP_EXISTS', file: folder, field: LEDGER, found, expected: 'a folder without a sweep' },
    remedy: isContinued
      ? 'Continue it with --resume, replace it with --overwrite, or choose another --out.'
      : 'Replace them with --overwrite, or choose another --out.',
  })
}
