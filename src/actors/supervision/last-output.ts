import { writeSync } from 'node:fs'
import { printableLines } from '../../events/printable.js'
import type { ListenerAddress } from './cluster-spec.js'

const STDERR = 2

/** Reports to the parent of this process or thread why it ends; `then` is called once that is written. */
export function writeLastWords(text: string, then: () => void = () => undefined): void {
  process.stderr.write(`${printableLines(text)}\n`, then)
}

/** The same at once, from a thread whose process does not come to it. */
export function writeLastWordsNow(text: string): void {
  writeSync(STDERR, `${printableLines(text)}\n`)
}

/** Reports to the parent of this process where it listens: the one line of its standard output. */
export function writeListenerAddress(address: ListenerAddress): void {
  process.stdout.write(`${JSON.stringify(address)}\n`)
}
