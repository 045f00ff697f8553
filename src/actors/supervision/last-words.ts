import type { Readable } from 'node:stream'
import { exhaustionIn } from '../../events/exhaustion.js'

const MOST_CHARACTERS = 4000
const MOST_LINES = 12

/**
 * Reads a stream to its end. The returned function returns the last lines so far, or the one line that says what has
 * run out: after that line, the runtime writes much that is of no help.
 */
export function lastWordsOf(stream: Readable): () => string {
  let text = ''
  let exhausted: string | null = null
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text += chunk
    // Whole lines alone: the last one may go on.
    exhausted ??= lineOfExhaustion(text.slice(0, text.lastIndexOf('\n') + 1))
    text = text.slice(-MOST_CHARACTERS)
  })
  // A pipe that breaks has nothing more to say.
  stream.on('error', () => undefined)
  return () => exhausted ?? lineOfExhaustion(text) ?? text.trim().split('\n').slice(-MOST_LINES).join('\n')
}

/** The line of a text that says what has run out; null if there is none. */
export function lineOfExhaustion(text: string): string | null {
  return (
    text
      .split('\n')
      .find((line) => exhaustionIn(line) !== null)
      ?.trim() ?? null
  )
}
