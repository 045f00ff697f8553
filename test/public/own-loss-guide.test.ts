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

/** A folder of a user who has installed this package and written down the files of the guide. */
async function asUser() {
  const folder = await temporaryFolder()
  await mkdir(join(folder.path, 'node_modules'))
  symlinkSync(root, join(folder.path, 'node_modules/antidrome'))
  writeFileSync(join(folder.path, 'package.json'), '{"type": "module"}')
  for (const { file, text } of files) writeFileSync(join(folder.path, file), text)
  const run = async (program: string, ...argv: readonly string[]) =>
    (await promisify(execFile)(process.execPath, [program, ...argv], { cwd: folder.path })).stdout
  return { folder, run }
}

const files = blocks.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, text }]))

test('the guide to losses does what it says, run as a user would', async () => {
  expect(files.map(({ file }) => file)).toEqual(['settle.js', 'use.js'])
  const { folder, run } = await asUser()
  await using _ = folder
  expect(await run('use.js')).toBe(blocks.find(({ kind }) => kind === 'text')!.text)
})

test('its loss file is trained with on the command line, as it says', async () => {
  const { folder, run } = await asUser()
  await using _ = folder
  writeFileSync(join(folder.path, 'loss.json'), /`(\{ "module".*?\})`/.exec(guide)![1]!)
  const lines = [...guide.matchAll(/`node bin\/antidrome\.mjs (.*?)`/g)].map(([, line]) => line!.split(' '))
  expect(lines.length).toBe(2)
  for (const argv of lines) expect(await run(join(root, 'dist/bundle/main.js'), ...argv)).toContain('accuracy')
})

test('the guide can be read in one go', () => {
  expect(guide.trimEnd().split('\n').length).toBeLessThanOrEqual(70)
})
