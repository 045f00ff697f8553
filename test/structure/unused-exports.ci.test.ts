import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What knip reports of a folder, by its settings of this repository; '' for nothing. */
function unusedIn(folder: string): Promise<string> {
  const command = [join(ROOT, 'node_modules/knip/bin/knip.js'), '--no-progress', '--directory', folder]
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, stdout, stderr) => resolve(error === null ? stdout : stdout + stderr))
  })
}

test('every export has a reader, and every file an importer', async () => {
  expect(await unusedIn(ROOT)).toBe('')
})

test('one that has none is found', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await mkdir(join(folder, 'src'))
  const settings = JSON.parse(await readFile(join(ROOT, 'knip.json'), 'utf8'))
  await writeFile(join(folder, 'knip.json'), JSON.stringify({ ...settings, entry: ['src/index.ts'] }))
  await writeFile(join(folder, 'package.json'), '{}')
  await writeFile(join(folder, 'src/index.ts'), "import { read } from './part.js'\nread()\n")
  await writeFile(join(folder, 'src/part.ts'), 'export const read = () => 1\nexport const unread = 2\n')
  await writeFile(join(folder, 'src/alone.ts'), 'export const alone = 3\n')
  const found = await unusedIn(folder)
  expect(found).toMatch(/unread +src\/part\.ts/)
  expect(found).toMatch(/src\/alone\.ts/)
  expect(found).not.toMatch(/\bread +src/)
})
