import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTextFile } from '../../src/storage/read-text.js'
import '../support/guard.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antidrome-read-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('readTextFile', () => {
  it('reads UTF-8 with or without a byte order mark', async () => {
    const path = join(folder, 'text.json')
    await writeFile(path, 'τ = 20 ms\n')
    expect(await readTextFile(path)).toBe('τ = 20 ms\n')
    await writeFile(path, '\ufeff{}')
    expect(await readTextFile(path)).toBe('{}')
  })

  it('names a file that is missing', async () => {
    const path = join(folder, 'missing.json')
    await expect(readTextFile(path)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `${path}: file: found no such file, expected a readable UTF-8 text file. Check the path.`,
      details: { file: path, field: 'file' },
    })
  })

  it('names a folder and bytes that are not UTF-8', async () => {
    await expect(readTextFile(folder)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      mistake: { found: 'a folder' },
    })
    const path = join(folder, 'latin.json')
    await writeFile(path, Uint8Array.of(0x7b, 0xff, 0x7d))
    await expect(readTextFile(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', details: { file: path } })
  })
})
