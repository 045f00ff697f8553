import { processClock } from './process-clock.js'
import type { Terminal } from './terminal.js'
import { say } from './warn.js'

/** Is called repeatedly with a description of the current work. */
export type ProgressWords = (words: string) => void

/** s between two lines. */
const PAUSE = 5

/** Says what is being done where it takes long: nothing for some seconds, and then a line every now and then. */
export function createProgressWords(terminal: Terminal, seconds: () => number = processClock([]).wall): ProgressWords {
  let last = seconds()
  return (words) => {
    const now = seconds()
    if (now - last < PAUSE) return
    last = now
    say(terminal, `${words}.`)
  }
}
