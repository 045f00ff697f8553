import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SCRIPT = join(ROOT, 'scripts/phrases.mjs')

/** The last line of what the script prints: how many phrases there are, and in how many files. */
function counted(cwd: string): string {
  return execFileSync(process.execPath, [SCRIPT], { cwd, encoding: 'utf8' }).trim().split('\n').at(-1) ?? ''
}

test('sources and documents do nearly without phrases that plain technical English does not have', () => {
  expect(Number.parseInt(counted(ROOT), 10)).toBeLessThanOrEqual(100)
})

test('such phrases are counted, also across the lines of a comment', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'page.md'), 'Nobody is told.\n')
  await writeFile(join(folder.path, 'CHANGELOG.md'), '# Changelog\n\n## 2\n\nIt goes on.\n\n## 1\n\nIt began anew.\n')
  await mkdir(join(folder.path, 'src'))
  await writeFile(join(folder.path, 'src/counts.ts'), '/**\n * Of so\n * many.\n */\nexport const untold = 1\n')
  const git = (...words: string[]) => execFileSync('git', words, { cwd: folder.path })
  git('init', '-q')
  git('add', '.')
  expect(counted(folder.path)).toBe('4 in 3 files')
})
