import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InternalError } from '../../src/events/errors.js'
import type { RunRecord } from '../../src/storage/run/run-record.js'
import { openRun } from '../../src/storage/run-folder.js'
import '../support/guard.js'

let root: string
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'antidrome-run-')), 'runs')
})
afterEach(() => rm(join(root, '..'), { recursive: true }))

const RECORD: RunRecord = {
  task: 'yin-yang',
  preset: 'yin-yang',
  flags: {},
  versions: {},
  seed: 1,
  identity: { seed: '1', batch: '64' },
}

/** A run that has come so far. */
async function leaveRun(name: string, ...records: readonly object[]): Promise<void> {
  const run = await openRun(basename(name), join(root, dirname(name)), { record: RECORD })
  await run.writeNetwork('old')
  for (const record of [{ epoch: 1 }, ...records]) await run.appendMetrics(record)
  await run.close()
}

const read = (...parts: string[]) => readFile(join(root, ...parts), 'utf8')

describe('openRun', () => {
  it('refuses options where the folder belongs', async () => {
    await expect(openRun('x', { overwrite: true } as never)).rejects.toMatchObject({
      name: 'InputError',
      code: 'FIELD_TYPE',
      mistake: { field: 'root', found: 'an object with overwrite', expected: 'a string' },
    })
  })

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

  it('goes on with a run of the same identity, whose files are replaced only when they are written', async () => {
    await leaveRun('same')
    await using later = await openRun('same', root, { record: RECORD, resume: true })
    expect(await read('same', 'metrics.jsonl')).toBe('{"epoch":1}\n')
    await later.appendMetrics({ epoch: 7 })
    expect(await read('same', 'metrics.jsonl')).toBe('{"epoch":7}\n')
    expect(await read('same', 'network.json')).toBe('old')
  })

  it('refuses what an earlier run left, and says whether that was through', async () => {
    await leaveRun('whole', { done: true })
    const expected = { code: 'RUN_EXISTS', details: { file: join(root, 'whole'), found: 'a finished run of yin-yang' } }
    await expect(openRun('whole', root)).rejects.toMatchObject(expected)
    await expect(openRun('whole', root, { record: RECORD })).rejects.toMatchObject(expected)
    await leaveRun('broken')
    await expect(openRun('broken', root)).rejects.toMatchObject({ details: { found: 'an unfinished run of yin-yang' } })
    // Torn by a kill.
    await writeFile(join(root, 'broken', 'metrics.jsonl'), '{"epoch":1}\n{"done":tr')
    await expect(openRun('broken', root)).rejects.toMatchObject({ details: { found: 'an unfinished run of yin-yang' } })
    expect(await readdir(join(root, 'whole'))).toEqual(['metrics.jsonl', 'network.json', 'run.json'])
  })

  it('goes on with no other run, nor with one that does not say what it is', async () => {
    await leaveRun('other')
    const other = { ...RECORD, identity: { ...RECORD.identity, batch: '32' } }
    await expect(openRun('other', root, { record: other, resume: true })).rejects.toMatchObject({
      code: 'RUN_MISMATCH',
      details: { file: join(root, 'other', 'run.json'), field: 'batch', found: '64', expected: '32' },
    })
    await rm(join(root, 'other', 'run.json'))
    await expect(openRun('other', root, { record: RECORD, resume: true })).rejects.toMatchObject({
      code: 'RUN_MISMATCH',
      details: { field: 'identity', found: 'a run that does not say what it is of' },
    })
    await using _run = await openRun('other', root, { record: RECORD, resume: true, overwrite: true })
    await expect(read('other', 'metrics.jsonl')).rejects.toThrow('ENOENT')
  })

  it('compares long texts of an identity, too', async () => {
    const record = (end: string) => ({
      ...RECORD,
      identity: { ...RECORD.identity, targets: `${'1,'.repeat(200)}${end}` },
    })
    const run = await openRun('long', root, { record: record('2') })
    await run.appendMetrics({ epoch: 1 })
    await run.close()
    expect((await read('long', 'run.json')).length).toBeLessThan(500)
    await expect(openRun('long', root, { record: record('3'), resume: true })).rejects.toMatchObject({
      details: { field: 'targets' },
    })
    await (await openRun('long', root, { record: record('2'), resume: true })).close()
  })

  it('with overwrite removes what a run left, drafts and seeds with it, and no other file', async () => {
    await leaveRun('old', { done: true })
    for (const seed of ['seed-1', 'seed-2']) await leaveRun(join('old', seed), { done: true })
    const own = ['raster.svg', 'curves.svg', 'decision-map.svg', '.network.json.0c5a.tmp']
    const foreign = ['notes.txt', 'mine.svg', '.mine.tmp', join('seed-2', 'notes.txt')]
    for (const name of [...own, ...foreign]) await writeFile(join(root, 'old', name), 'x')
    await mkdir(join(root, 'old', 'checkpoints'))
    await using run = await openRun('old', root, { overwrite: true })
    expect((await readdir(run.path, { recursive: true })).sort()).toEqual(
      ['.antidrome-run.lock', 'checkpoints', 'run.json', 'seed-2', ...foreign].sort(),
    )
  })

  it('takes a folder in which no epoch was done for free, and one with the files of others alone', async () => {
    await (await openRun('early', root, { record: RECORD })).close()
    await writeFile(join(root, 'early', 'notes.txt'), 'x')
    const record = { ...RECORD, seed: 2, identity: { seed: '2' } }
    await (await openRun('early', root, { record })).close()
    expect(JSON.parse(await read('early', 'run.json'))).toMatchObject({
      ...record,
      format: 'antidrome-run',
      version: 1,
    })
    expect(await read('early', 'notes.txt')).toBe('x')
  })

  it('is one at a time', async () => {
    const run = await openRun('mine', root)
    for (const options of [{}, { overwrite: true }, { resume: true, record: RECORD }])
      await expect(openRun('mine', root, options)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await run.close()
    await (await openRun('mine', root)).close()
  })

  it('says what no number in JSON is in words', async () => {
    await (await openRun('words', root, { record: { ...RECORD, flags: { restarts: Infinity } } })).close()
    expect(JSON.parse(await read('words', 'run.json')).flags).toEqual({ restarts: 'Infinity' })
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
    await run.close()
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
