import { type FileHandle, open, rm } from 'node:fs/promises'
import { InputError } from '../events/errors.js'
import { beginningOfFile } from './beginning-of-file.js'
import { unwritable } from './write-atomically.js'

/** An event as viewers of traces read it: the trace-event format of Chromium. */
export interface TraceEvent {
  readonly name: string
  /** Kind: X a span, i an instant, b and e the ends of an asynchronous span, s and f those of an arrow, M a name. */
  readonly ph: 'X' | 'i' | 'b' | 'e' | 's' | 'f' | 'M'
  /** In microseconds. */
  readonly ts: number
  readonly pid: number
  readonly tid: number
  readonly cat?: string
  /** Of a span, in microseconds. */
  readonly dur?: number
  /** Of both ends of something. */
  readonly id?: number
  /** Of the end of an arrow: it leads to the span around it. */
  readonly bp?: 'e'
  /** Of an instant: how far it reaches. */
  readonly s?: 'g' | 'p' | 't'
  readonly args?: Readonly<Record<string, string | number>>
}

/** A trace that is being written; what there is of it can be read at any time. */
export interface TraceFile {
  /**
   * Adds events, some at a time, so that there may be any number of them.
   *
   * Raises `RunError` FILE_UNWRITABLE, also if the disk is full; then the file ends with the events before.
   */
  append(events: Iterable<TraceEvent>): Promise<void>
  /** Ends the list of events, and closes the file in any case. Raises `RunError` FILE_UNWRITABLE. */
  close(): Promise<void>
}

/** A list that never ends, as that of a process that was killed, is read as well. */
const HEAD = '[\n'
const SEPARATOR = ',\n'
const TAIL = '\n]\n'

/** How a file begins that is a trace, or was to become one. */
const BEGINNING = /^$|^\[\s*\]?\s*$|^\[\s*\{"name":"[^"]*","ph":"[A-Za-z]"/

/** No text of a whole trace is ever made: it may be longer than texts can be. */
const EVENTS_PER_WRITE = 4096

/**
 * Creates a file for a trace. With `overwrite` it takes the place of a trace that is there.
 *
 * Raises `InputError` TRACE_EXISTS; `RunError` FILE_UNWRITABLE.
 */
export async function createTraceFile(
  path: string,
  { overwrite }: { readonly overwrite: boolean },
): Promise<TraceFile> {
  if (overwrite && (await requireReplaceable(path, overwrite))) await attempt(path, () => rm(path, { force: true }))
  const file = await attempt(path, () => open(path, 'wx')).catch(async (error: unknown) => {
    await requireReplaceable(path, overwrite)
    throw error
  })
  return createWriter(file, path)
}

/**
 * Whether there is a file that is to be replaced, and may be: a trace, nothing else.
 *
 * Raises `InputError` TRACE_EXISTS.
 */
export async function requireReplaceable(path: string, overwrite: boolean): Promise<boolean> {
  const beginning = await beginningOfFile(path)
  if (beginning === null) return false
  const isTrace = BEGINNING.test(beginning)
  if (isTrace && overwrite) return true
  throw new InputError({
    code: 'TRACE_EXISTS',
    file: path,
    field: 'trace',
    found: isTrace ? 'a trace that is there already' : 'a file that is no trace',
    expected: 'a path where no file is',
    remedy: isTrace ? 'Choose another path, or replace it with --overwrite.' : 'Choose another path.',
  })
}

function createWriter(file: FileHandle, path: string): TraceFile {
  let place = 0
  let isEmpty = true

  async function write(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, place + done)
        done += bytesWritten
      }
    } catch (cause) {
      // A part of an event is of no use to anybody.
      await file.truncate(place).catch(() => undefined)
      throw unwritable(path, cause)
    }
    place += bytes.length
  }

  async function writeLines(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return
    await write(`${isEmpty ? HEAD : SEPARATOR}${lines.join(SEPARATOR)}`)
    isEmpty = false
  }

  return {
    async append(events) {
      let lines: string[] = []
      for (const event of events) {
        if (lines.push(JSON.stringify(event)) < EVENTS_PER_WRITE) continue
        await writeLines(lines)
        lines = []
      }
      await writeLines(lines)
    },
    async close() {
      try {
        await write(`${isEmpty ? HEAD : ''}${TAIL}`)
      } finally {
        await file.close()
      }
    },
  }
}

async function attempt<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    throw unwritable(path, cause)
  }
}
