import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from '../../src/storage/make-folder.js'
import '../support/guard.js'

const root = mkdtempSync(join(tmpdir(), 'antidrome-test-'))
afterAll(() => rmSync(root, { recursive: true }))

test('a folder is made with those it lies in, and may be there already', async () => {
  const path = join(root, 'a', 'b', 'c')
  await makeFolder(path)
  await makeFolder(path)
  expect(existsSync(path)).toBe(true)
})

test('below a file there is none', async () => {
  writeFileSync(join(root, 'file'), '')
  await expect(makeFolder(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

test.runIf(process.platform === 'linux')('where no folder can be made it fails and does not try for ever', async () => {
  await expect(makeFolder('/proc/antidrome/below')).rejects.toMatchObject({ code: 'ENOENT' })
})
