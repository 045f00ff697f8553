import { execFile } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import '../support/guard.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = readFileSync(join(root, 'docs/own-loss.md'), 'utf8')
const blocks = [...guide.matchAll(/```(\w+)\n(?:\/\/ (\S+)\n)?([\s\S]*?)```/g)].map(([, kind, file, text]) => ({
  kind,
  file,
  text: text!,
}))

test('the guide to losses does what it says, run as a user would', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'node_modules'))
  symlinkSync(root, join(folder.path, 'node_modules/antidrome'))
  writeFileSync(join(folder.path, 'package.json'), '{"type": "module"}')
  const files = blocks.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, text }]))
  expect(files.map(({ file }) => file)).toEqual(['settle.js', 'use.js'])
  for (const { file, text } of files) writeFileSync(join(folder.path, file), text)
  const { stdout } = await promisify(execFile)(process.execPath, ['use.js'], { cwd: folder.path })
  expect(stdout).toBe(blocks.find(({ kind }) => kind === 'text')!.text)
})

test('the guide can be read in one go', () => {
  expect(guide.trimEnd().split('\n').length).toBeLessThanOrEqual(70)
})
