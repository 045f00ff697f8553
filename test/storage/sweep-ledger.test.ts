import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EarlierWork } from '../../src/storage/earlier-work.js'
import {
  LEDGER,
  type LedgerRecord,
  nameOfSweepRun,
  openSweepLedger,
  SWEEP_RUNS,
} from '../../src/storage/sweep-ledger.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const HEAD = { format: 'antidrome-sweep', version: 1, sweep: { base: 'yin-yang' }, flags: [] }
const LINES = [{ run: '000-seed-1', objective: 1 }, { run: '000-seed-2' }]

async function write(folder: string, records: readonly LedgerRecord[], how: EarlierWork = {}) {
  await using ledger = await openSweepLedger(folder, HEAD, how)
  for (const record of records) await ledger.append(record)
  return ledger.records
}

const read = (folder: string) => readFile(join(folder, LEDGER), 'utf8')
const textOf = (...records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

describe('the ledger of a sweep', () => {
  test('holds its head and its lines, and goes on behind them', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'new')
    expect(await write(path, LINES.slice(0, 1))).toEqual([])
    expect(await read(path)).toBe(textOf(HEAD, ...LINES.slice(0, 1)))
    expect(await write(path, LINES.slice(1), { resume: true })).toEqual(LINES.slice(0, 1))
    expect(await read(path)).toBe(textOf(HEAD, ...LINES))
  })

  test('loses a line that was cut off, and no other', async () => {
    await using folder = await temporaryFolder()
    await write(folder.path, LINES)
    const text = await read(folder.path)
    const ends = [...text].flatMap((letter, k) => (letter === '\n' ? [k + 1] : []))
    for (let length = 0; length <= text.length; length += 7) {
      await writeFile(join(folder.path, LEDGER), text.slice(0, length))
      const whole = ends.filter((end) => end <= length).length
      expect(await write(folder.path, [], { resume: true })).toEqual(LINES.slice(0, Math.max(0, whole - 1)))
      expect(await read(folder.path)).toBe(textOf(HEAD, ...LINES.slice(0, Math.max(0, whole - 1))))
    }
  })

  test('is that of one sweep, which is not replaced unasked', async () => {
    await using folder = await temporaryFolder()
    await write(folder.path, LINES)
    await expect(write(folder.path, [])).rejects.toMatchObject({ code: 'SWEEP_EXISTS' })
    const other = openSweepLedger(folder.path, { ...HEAD, flags: ['--epochs', '2'] }, { resume: true })
    await expect(other).rejects.toMatchObject({ code: 'SWEEP_MISMATCH', mistake: { field: 'flags' } })
    expect(await read(folder.path)).toBe(textOf(HEAD, ...LINES))
    expect(await write(folder.path, [], { overwrite: true })).toEqual([])
    expect(await read(folder.path)).toBe(textOf(HEAD))
  })

  test('is written by one process at a time', async () => {
    await using folder = await temporaryFolder()
    await using _ = await openSweepLedger(folder.path, HEAD, {})
    await expect(openSweepLedger(folder.path, HEAD, { resume: true })).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
  })

  test.each(['no JSON', '3', '[]', 'null'])('is refused with a line that is %s', async (line) => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, LEDGER), `${textOf(HEAD)}${line}\n`)
    const opened = openSweepLedger(folder.path, HEAD, { resume: true })
    await expect(opened).rejects.toMatchObject({ code: 'SWEEP_LEDGER', mistake: { field: 'line 2', found: line } })
  })

  test('of a new sweep finds no runs of another one', async () => {
    await using folder = await temporaryFolder()
    const run = join(folder.path, SWEEP_RUNS, nameOfSweepRun(3, 1, 5))
    await mkdir(run, { recursive: true })
    await mkdir(join(folder.path, SWEEP_RUNS, 'mine'))
    await writeFile(join(run, 'metrics.jsonl'), '{"done":true}\n')
    for (const resume of [false, true])
      await expect(write(folder.path, [], { resume })).rejects.toMatchObject({
        ...{ code: 'SWEEP_EXISTS', mistake: { found: expect.stringContaining('runs of a sweep') } },
      })
    await write(folder.path, LINES, { overwrite: true })
    expect(await readdir(join(folder.path, SWEEP_RUNS))).toEqual(['mine'])
  })
})
