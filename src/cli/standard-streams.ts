import { writeSync } from 'node:fs'
import { printableLines } from '../events/printable.js'
import type { Shown } from './shown.js'

const STDERR = 2

/** The streams of this process, which are written to in `cli/terminal.ts` and here alone. */
export function standardStreams(): Pick<NodeJS.Process, 'stdout' | 'stderr'> {
  return { stdout: process.stdout, stderr: process.stderr }
}

/** Writes to stderr, not by way of a stream, which may wait for the event loop. */
export function tellAtOnce(text: Shown): void {
  writeSync(STDERR, printableLines(text))
}

/** Writes what a process ends with to stderr. */
export function tellLast(text: Shown): void {
  process.stderr.write(printableLines(text))
}
