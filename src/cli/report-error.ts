import { AntidromeError, InputError, InternalError, RunError, remedyOf as remedyOfMistake } from '../events/errors.js'
import { exhaustionOf } from '../events/exhaustion.js'
import { bounded, oneLine } from '../events/printable.js'
import { SeedError } from '../numerics/seed-error.js'
import { Interruption } from './interrupted.js'
import { jsonLine, ownLines, type Shown } from './shown.js'

/** What `--json` prints of an error; null for what is not known of it. */
export interface ErrorReport {
  readonly error: {
    readonly code: string
    /** The whole of it, as people read it. */
    readonly message: string
    readonly file: string | null
    /** The place in the file, or the flag. */
    readonly field: string | null
    readonly found: string | null
    readonly expected: string | null
    readonly remedy: string | null
  }
}

/** 130, 143 or 129 stopped by a signal, 2 the command line or an input file is wrong, 1 anything else that failed. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interruption) return error.exitCode
  return error instanceof InputError || error instanceof SeedError ? 2 : 1
}

/** The line that tells the user what went wrong, with the code of the error; a bug of ours comes with its stack. */
export function describeError(error: unknown): string {
  if (error instanceof Interruption) return oneLine(error.message)
  const known = exhaustionOf(error) ?? error
  if (known instanceof InternalError) return `${known.message} [${known.code}]\n${framesOf(known)}`
  if (known instanceof AntidromeError || known instanceof SeedError) return `${known.message} [${known.code}]`
  return `${unexpected(known)} [UNEXPECTED]`
}

/** The same for programs, on one line. */
export function errorReport(error: unknown): ErrorReport {
  const known = exhaustionOf(error) ?? error
  const { file, field, found, expected } = known instanceof AntidromeError ? known.details : NOTHING
  return {
    error: {
      code: codeOf(known),
      message: messageOf(known),
      file: textOf(file),
      field: textOf(field),
      found: textOf(found),
      expected: textOf(expected),
      remedy: remedyOf(known),
    },
  }
}

/** What is written to stderr of an error. */
export function errorText(error: unknown, json: boolean): Shown {
  if (json) return jsonLine(errorReport(error))
  return ownLines(`antidrome: ${describeError(error)}\n`)
}

/** Of a stack that came from another process. */
const MOST_FRAMES = 200

const NOTHING: AntidromeError['details'] = Object.freeze({})

function codeOf(error: unknown): string {
  if (error instanceof Interruption) return 'INTERRUPTED'
  return error instanceof AntidromeError || error instanceof SeedError ? error.code : 'UNEXPECTED'
}

function messageOf(error: unknown): string {
  if (error instanceof InternalError) return `${error.message}\n${framesOf(error)}`
  const isTold = error instanceof AntidromeError || error instanceof SeedError || error instanceof Interruption
  return isTold ? error.message : unexpected(error)
}

function remedyOf(error: unknown): string | null {
  if (error instanceof InputError) return remedyOfMistake(error.mistake) ?? null
  return error instanceof RunError ? error.remedy : null
}

function unexpected(error: unknown): string {
  const what = error instanceof Error ? `${oneLine(String(error))}\n${framesOf(error)}` : oneLine(String(error))
  return `${what.trimEnd()}\nThis is a bug in antidrome; please report it.`
}

/** Where an error was made: its stack without the message, and without lines of a program, as the runtime puts before it. */
function framesOf({ stack = '', message }: Error): string {
  const behind = message === '' ? -1 : stack.indexOf(message)
  return stack
    .slice(behind < 0 ? 0 : behind + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => oneLine(line))
    .join('\n')
}

function textOf(value: string | number | undefined): string | null {
  return value === undefined ? null : bounded(String(value))
}
