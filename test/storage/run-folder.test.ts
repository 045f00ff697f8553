import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InternalError } from '../../src/events/errors.js'
import { openRun } from '../../src/storage/run-folder.js'

let root: string
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'antidrome-run-')), 'runs')
})
afterEach(() => rm(join(root, '..'), { recursive: true }))

const read = (...parts: string[]) => readFile(join(root, ...parts), 'utf8')

describe('openRun', () => {
  it('leaves the network, one line per record and the pictures, and nothing else', async () => {
    const run = await openRun('first', root)
    expect(run.path).toBe(join(root, 'first'))
    expect(await run.writeNetwork('{"format":"antidrome-network"}\n')).toBe(join(root, 'first', 'network.json'))
    await run.appendMetrics({ epoch: 1, loss: 0.5 })
    await run.appendMetrics({ done: true })
    await run.writePicture('raster', '<svg/>\n')
    await run.close()
    expect((await readdir(run.path)).sort()).toEqual(['metrics.jsonl', 'network.json', 'raster.svg'])
    expect(await read('first', 'metrics.jsonl')).toBe('{"epoch":1,"loss":0.5}\n{"done":true}\n')
    expect(await read('first', 'raster.svg')).toBe('<svg/>\n')
  })

  it('keeps the order of records that are not awaited, and close waits for them', async () => {
    const run = await openRun('eager', root)
    const writes = Array.from({ length: 20 }, (_, epoch) => run.appendMetrics({ epoch }))
    await run.close()
    const lines = (await read('eager', 'metrics.jsonl')).trimEnd().split('\n')
    expect(lines).toEqual(Array.from({ length: 20 }, (_, epoch) => `{"epoch":${epoch}}`))
    await Promise.all(writes)
    await expect(run.appendMetrics({})).rejects.toMatchObject({ code: 'RUN_CLOSED' })
  })

  it('replaces the files of an earlier run only when it writes them', async () => {
    const earlier = await openRun('same', root)
    await earlier.writeNetwork('old')
    await earlier.appendMetrics({ epoch: 1 })
    const later = await openRun('same', root)
    expect(await read('same', 'metrics.jsonl')).toBe('{"epoch":1}\n')
    await later.appendMetrics({ epoch: 7 })
    expect(await read('same', 'metrics.jsonl')).toBe('{"epoch":7}\n')
    expect(await read('same', 'network.json')).toBe('old')
  })

  it('damages nothing when a write fails', async () => {
    const run = await openRun('safe', root)
    await run.appendMetrics({ epoch: 1 })
    await expect(run.appendMetrics({ loss: Number.NaN })).rejects.toThrow(InternalError)
    await mkdir(join(run.path, 'map.svg', 'occupied'), { recursive: true })
    await expect(run.writePicture('map', '<svg/>')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      details: { file: join(run.path, 'map.svg') },
    })
    await run.appendMetrics({ epoch: 2 })
    expect(await read('safe', 'metrics.jsonl')).toBe('{"epoch":1}\n{"epoch":2}\n')
    expect((await readdir(run.path)).sort()).toEqual(['map.svg', 'metrics.jsonl'])
  })

  it('says which folder cannot be made', async () => {
    await mkdir(root)
    await writeFile(join(root, 'taken'), 'a file')
    await expect(openRun('taken', root)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(await read('taken')).toBe('a file')
  })

  it('refuses every name that holds a path, and makes no folder for it', async () => {
    const paths = fc
      .tuple(fc.string(), fc.constantFrom('/', '\\', '\0', '\n', ':'), fc.string())
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(fc.oneof(paths, fc.constantFrom('', '.', '..', '...', '-x', 'a'.repeat(101))), async (name) => {
        await expect(openRun(name, root)).rejects.toMatchObject({ code: 'RUN_NAME', details: { field: 'name' } })
      }),
    )
    await expect(readdir(root)).rejects.toMatchObject({ code: 'ENOENT' })
    const run = await openRun('fine', root)
    await expect(run.writePicture('../raster', '<svg/>')).rejects.toMatchObject({ code: 'RUN_NAME' })
  })
})
