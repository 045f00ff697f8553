import { writeSync } from 'node:fs'

const STDERR = 2

/** Writes to stderr, not by way of a stream, which may wait for the event loop. */
export function tellAtOnce(text: string): void {
  writeSync(STDERR, text)
}
