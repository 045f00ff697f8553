import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageUser } from '../support/package-user.js'

const guide = readFileSync(new URL('../../docs/own-loss.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/```(\w+)\n(?:\/\/ (\S+)\n)?([\s\S]*?)```/g)].map(([, kind, file, text]) => ({
  kind,
  file,
  text: text!,
}))

test('the guide to losses does what it says, run as a user would', async () => {
  const files = blocks.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, text }]))
  expect(files.map(({ file }) => file)).toEqual(['settle.js', 'use.js'])
  await using user = await packageUser()
  for (const { file, text } of files) user.write(file, text)
  expect(await user.run('use.js')).toBe(blocks.find(({ kind }) => kind === 'text')!.text)
})

test('the guide can be read in one go', () => {
  expect(guide.trimEnd().split('\n').length).toBeLessThanOrEqual(70)
})
