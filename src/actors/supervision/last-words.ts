import type { Readable } from 'node:stream'

const MOST_CHARACTERS = 4000
const MOST_LINES = 12

/** Reads a stream to its end; what is returned tells the last lines so far. */
export function lastWordsOf(stream: Readable): () => string {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-MOST_CHARACTERS)
  })
  // A pipe that breaks has nothing more to say.
  stream.on('error', () => undefined)
  return () => text.trim().split('\n').slice(-MOST_LINES).join('\n')
}
