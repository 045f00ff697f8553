import { readFileSync, readlinkSync } from 'node:fs'
import { RunError } from '../events/errors.js'
import { printableLines } from '../events/printable.js'
import type { Shown } from './shown.js'
import { standardStreams } from './standard-streams.js'
import type { Warning } from './warn.js'

/** O_ACCMODE and O_RDWR of Linux. */
const [ACCESS_MASK, READ_AND_WRITE] = [3, 2]

/**
 * Whether what is written to a standard stream is lost, perhaps without intent.
 *
 * The runtime opens /dev/null in the place of a stream that was closed, for reading and writing; a shell that is to
 * discard output opens it for writing alone. Some programs that start others do as the runtime does, so this is no
 * proof. False where the system does not tell.
 */
function isLost(descriptor: number): boolean {
  try {
    if (readlinkSync(`/proc/self/fd/${descriptor}`) !== '/dev/null') return false
    const [, flags = '0'] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? []
    return (Number.parseInt(flags, 8) & ACCESS_MASK) === READ_AND_WRITE
  } catch {
    return false
  }
}

/**
 * Where a command writes: results to `out`, logs, progress and errors to `err`. Of what others wrote nothing gets there that
 * a terminal would obey, nor a line that is none of ours, see `Shown`.
 */
export interface Terminal {
  /** Raises `RunError` OUTPUT_FAILED once something that was written before could not be. */
  readonly out: Print
  readonly err: Print
  /** The stream of `err` if a person watches it, for progress bars; else null. */
  readonly screen: NodeJS.WriteStream | null
}

/** Prints lines for people or programs; or data, such as a file that the command line sends to a standard stream, as it is. */
interface Print {
  (text: Shown): void
  (text: string, as: 'data'): void
}

/** A terminal that knows what became of its output. */
export interface ProcessTerminal extends Terminal {
  /**
   * Resolves once all output is written, to a warning if no reader can have received it.
   *
   * Raises `RunError` OUTPUT_FAILED.
   */
  finish(): Promise<Warning | null>
}

const LOST: Warning = Object.freeze({
  code: 'OUTPUT_LOST',
  message:
    'standard output is closed or leads nowhere, and what was printed is lost; send it to a file or to a program that reads it.',
})

/**
 * The terminal of this process. A reader that closes its end of the pipe ends the command without a word, and so does a
 * terminal that is gone.
 */
export function processTerminal(): ProcessTerminal {
  const { stdout, stderr } = standardStreams()
  let failure: RunError | null = null
  let hasPrinted = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!endsWithReader(error)) failure ??= outputFailed(error)
  })
  // Other errors of stderr cannot be reported anywhere; the exit code still says how the command ended.
  stderr.on('error', endsWithReader)
  return {
    out(text: string, as?: 'data') {
      if (failure !== null) throw failure
      hasPrinted ||= text !== ''
      stdout.write(written(text, as))
    },
    err: (text: string, as?: 'data') => void stderr.write(written(text, as)),
    screen: stderr.isTTY ? stderr : null,
    async finish() {
      // Behind everything that was written before; failed writes have reported by the next turn of the loop.
      await new Promise((resolve) => stdout.write('', resolve))
      await new Promise((resolve) => setImmediate(resolve))
      if (failure !== null) throw failure
      return hasPrinted && isLost(stdout.fd) ? LOST : null
    },
  }
}

/** Whatever made the text: a terminal gets nothing from it that it would obey. */
function written(text: string, as: 'data' | undefined): string {
  return as === 'data' ? text : printableLines(text)
}

/** Whether an error means that the reader is gone; then the process ends. */
function endsWithReader({ code }: NodeJS.ErrnoException): boolean {
  if (code === 'EIO') process.exit(129)
  // A command that is about to end with a code of its own has set it by then.
  if (code === 'EPIPE') setImmediate(() => process.exit(process.exitCode ?? 0))
  return code === 'EPIPE'
}

function outputFailed(cause: NodeJS.ErrnoException): RunError {
  return new RunError({
    code: 'OUTPUT_FAILED',
    message: `Standard output cannot be written: ${cause.message}.`,
    remedy:
      cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
        ? 'Make room on the disk, or send it elsewhere.'
        : 'Send it to a file or to a program that reads it.',
    cause,
  })
}
