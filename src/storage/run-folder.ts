/// <reference lib="esnext.disposable" preserve="true" />
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RunError } from '../events/errors.js'
import { createOneAtATime } from '../events/one-at-a-time.js'
import { mapOf, type Readers, readOptions } from '../network/reading/read-fields.js'
import { type Reader, readRecord, readString, valueThat } from '../network/reading/read-value.js'
import { EARLIER_WORK, type EarlierWork } from './earlier-work.js'
import { formatJson } from './format-json.js'
import { openLocked } from './lock/lock-folder.js'
import { METRICS, NETWORK, settleEarlierRun } from './run/earlier-run.js'
import { formatRunRecord, RUN_RECORD, type RunRecord } from './run/run-record.js'
import { unwritable, writeAtomically } from './write-atomically.js'

/** The folder a run leaves behind. */
export interface RunFolder extends AsyncDisposable {
  readonly path: string
  /** Writes `network.json`; resolves to its path. */
  writeNetwork(text: string): Promise<string>
  /** Adds one line to `metrics.jsonl`; the first one replaces the file of a run that is gone on with. */
  appendMetrics(record: object): Promise<void>
  /** Begins `metrics.jsonl` with these lines, those of the part of a run that was done before. */
  beginMetrics(records: readonly object[]): Promise<void>
  /** Writes `<name>.svg`; resolves to its path. */
  writePicture(name: string, svg: string): Promise<string>
  /** Resolves once everything asked for has been written and the lock is released; nothing can be written afterwards. */
  close(): Promise<void>
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/

/** How a run folder is opened. */
export interface RunOptions extends EarlierWork {
  /** Written to `run.json`; a run that is gone on with must have the same identity. Default: no record. */
  readonly record?: RunRecord
}

const readGivenRecord: Reader<RunRecord> = (value, field) => {
  const { identity } = readRecord(value, field)
  mapOf(readString)(identity, `${field}.identity`)
  return value as RunRecord
}

const READERS: Readers<RunOptions> = { ...EARLIER_WORK, record: readGivenRecord }

/**
 * Opens the folder `<root>/<name>` and locks it until it is closed. What an earlier run left there is refused, unless it is
 * to be gone on with (`resume`) or removed (`overwrite`; only what a run writes, no other file).
 *
 * Raises `InputError` RUN_NAME for a name that is no plain file name, FOLDER_IN_USE, RUN_EXISTS, RUN_MISMATCH; `RunError`
 * FILE_UNWRITABLE.
 *
 * @example
 * await using run = await openRun('first', 'runs', { overwrite: true })
 * await run.appendMetrics({ epoch: 1, loss: 0.5 })
 */
export async function openRun(name: string, root = 'runs', options: RunOptions = {}): Promise<RunFolder> {
  const path = runPath(name, 'name', readString(root, 'root'))
  const { record, ...earlier } = readOptions(options, READERS)
  return openLocked(path, 'run', async ({ release }) => {
    await settleEarlierRun(path, record?.identity ?? null, earlier)
    if (record !== undefined) await writeAtomically(join(path, RUN_RECORD), formatRunRecord(record))
    return createRunFolder(path, release)
  })
}

function createRunFolder(path: string, release: () => Promise<void>): RunFolder {
  const inTurn = createQueue()
  const metrics = join(path, METRICS)
  let begun = false

  const replace = async (file: string, text: string) => {
    const target = join(path, file)
    await inTurn.add(() => writeAtomically(target, text))
    return target
  }

  const close = async () => {
    await inTurn.close()
    await release()
  }

  return {
    path,
    writeNetwork: (text) => replace(NETWORK, text),
    async writePicture(picture, svg) {
      readName(picture, 'picture')
      return replace(`${picture}.svg`, svg)
    },
    async beginMetrics(records) {
      const lines = records.map((record) => `${formatJson(record)}\n`)
      await inTurn.add(() => writeAtomically(metrics, lines.join('')))
      begun = true
    },
    async appendMetrics(record) {
      const line = `${formatJson(record)}\n`
      await inTurn.add(async () => {
        await (begun ? append(metrics, line) : writeAtomically(metrics, line))
        begun = true
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function append(path: string, line: string): Promise<void> {
  await appendFile(path, line).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
}

/**
 * The path of the folder of a run.
 *
 * Raises `RUN_NAME` for a name that is no plain file name.
 *
 * @param field who gave the name
 */
export function runPath(name: string, field: string, root = 'runs'): string {
  readName(name, field)
  return join(root, name)
}

interface Queue {
  add(job: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Jobs run one after the other; one that fails does not keep the next from running. */
function createQueue(): Queue {
  const jobs = createOneAtATime()
  let closed = false
  return {
    add: (job) => (closed ? Promise.reject(closedError()) : jobs.inTurn(job)),
    async close() {
      closed = true
      await jobs.ended()
    },
  }
}

function closedError(): RunError {
  return new RunError({ code: 'RUN_CLOSED', message: 'The run folder is closed; nothing can be written to it.' })
}

const readName = valueThat<string>({
  code: 'RUN_NAME',
  expected: 'a name of letters, digits, "_", "-" and ".", at most 100, that begins with a letter, a digit or "_"',
  remedy: 'A name is one folder; it holds no path.',
  holds: (name) => typeof name === 'string' && NAME.test(name),
})
