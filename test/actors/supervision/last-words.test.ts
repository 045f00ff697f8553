import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { lastWordsOf } from '../../../src/actors/supervision/last-words.js'

/** What is kept of a text that comes in pieces. */
async function keptOf(...pieces: readonly string[]): Promise<string> {
  const stream = new PassThrough()
  const words = lastWordsOf(stream)
  for (const piece of pieces) stream.write(piece)
  stream.end()
  await new Promise((resolve) => stream.on('end', resolve))
  return words()
}

test('the last lines are kept', async () => {
  const lines = Array.from({ length: 40 }, (_, k) => `line ${k}`)
  expect(await keptOf(lines.join('\n'), '\n')).toBe(lines.slice(-12).join('\n'))
})

test('of a heap that is full, the line that says so: what the runtime adds would bury it', async () => {
  const fatal = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'
  const frames = Array.from({ length: 60 }, (_, k) => ` ${k}: 0x${'0'.repeat(90)} [node]`).join('\n')
  expect(await keptOf(`<--- Last few GCs --->\n${fatal.slice(0, 70)}`, `${fatal.slice(70)}\n`, frames)).toBe(fatal)
})
