import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createWorkingFolder, run } from '../run-in-process.js'

const GUIDE = readFileSync(new URL('../../../docs/will-it-fit.md', import.meta.url), 'utf8')
/** A command and what it prints, notes last. */
const COMMANDS = [...GUIDE.matchAll(/```console\n\$ node bin\/antidrome\.mjs ([^\n]+)\n([^`]*)```/g)].map(
  ([, line, printed]) => ({
    line: line ?? '',
    printed: printed ?? '',
  }),
)
const PICTURES = [...GUIDE.matchAll(/!\[[^\]]*\]\(([\w-]+\.svg)\)/g)].map(([, name]) => name ?? '')

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

test('the guide has five commands and their pictures', () => {
  expect(COMMANDS).toHaveLength(5)
  expect(PICTURES).toHaveLength(2)
})

test.each(COMMANDS)('the guide is right: $line', async ({ line, printed }) => {
  const { out, err } = await run(...line.split(' '))
  expect(`${out}${err}`).toBe(printed)
})

test.each(PICTURES)('the picture %s is what the commands draw', (name) => {
  const kept = readFileSync(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8')
  expect(readFileSync(`pictures/${name}`, 'utf8')).toBe(kept)
})
