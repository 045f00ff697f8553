import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openBucketCheckpoints } from '../../src/storage/checkpoint/bucket-checkpoints.js'
import type { EarlierWork } from '../../src/storage/earlier-work.js'
import {
  LEDGER,
  type LedgerRecord,
  nameOfSweepRun,
  openSweepLedger,
  SWEEP_RUNS,
} from '../../src/storage/sweep-ledger.js'
import { createMemoryBucket } from '../support/memory-bucket.js'
import { createMemoryLeases } from '../support/memory-leases.js'
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
    await writeFile(join(folder.path, 'sweep.svg'), 'a picture')
    await writeFile(join(folder.path, '.sweep.svg.1.tmp'), 'half a picture')
    await write(folder.path, LINES, { overwrite: true })
    expect((await readdir(folder.path)).filter((name) => name.includes('svg'))).toEqual([])
    expect(await readdir(join(folder.path, SWEEP_RUNS))).toEqual(['mine'])
  })
})

describe('a ledger with a copy', () => {
  const OTHER = { ...HEAD, flags: ['--epochs', '2'] }

  /** A bucket, and what is said when it is away. */
  function createPlace() {
    const [bucket, leases] = [createMemoryBucket(), createMemoryLeases()]
    const away: string[] = []

    async function open(folder: string, how: EarlierWork, head: LedgerRecord = HEAD) {
      const place = { bucket, prefix: 'sweep', takeLease: leases.takeLease }
      const store = await openBucketCheckpoints(place, how)
      const copy = { store, writer: '1.2.3', onAway: ({ code }: { readonly code: string }) => void away.push(code) }
      const ledger = await openSweepLedger(folder, head, how, copy).catch(async (error: unknown) => {
        await store[Symbol.asyncDispose]()
        throw error
      })
      return {
        ...ledger,
        async [Symbol.asyncDispose]() {
          await ledger[Symbol.asyncDispose]()
          await store[Symbol.asyncDispose]()
        },
      }
    }

    async function add(folder: string, records: readonly LedgerRecord[], how: EarlierWork, head?: LedgerRecord) {
      await using ledger = await open(folder, how, head)
      for (const record of records) await ledger.append(record)
      return ledger.records
    }

    return { bucket, leases, away, open, add }
  }

  test('goes on on another machine, and back on the first one', async () => {
    await using first = await temporaryFolder()
    await using second = await temporaryFolder()
    const { add, away } = createPlace()
    await add(first.path, LINES.slice(0, 1), {})
    expect(await add(second.path, LINES.slice(1), { resume: true })).toEqual(LINES.slice(0, 1))
    expect(await read(second.path)).toBe(textOf(HEAD, ...LINES))
    expect(await add(first.path, [], { resume: true })).toEqual(LINES)
    expect(await read(first.path)).toBe(textOf(HEAD, ...LINES))
    expect(away).toEqual([])
  })

  test('is there before its first line, so that others see the sweep', async () => {
    await using first = await temporaryFolder()
    await using second = await temporaryFolder()
    const { add } = createPlace()
    await add(first.path, [], {})
    await expect(add(second.path, [], {})).rejects.toMatchObject({ code: 'CHECKPOINTS_EXIST' })
    await expect(add(second.path, [], { resume: true }, OTHER)).rejects.toMatchObject({
      ...{ code: 'CHECKPOINT_MISMATCH', mistake: { field: 'flags' } },
    })
    expect(await add(second.path, LINES, { overwrite: true }, OTHER)).toEqual([])
    await using third = await temporaryFolder()
    expect(await add(third.path, [], { resume: true }, OTHER)).toEqual(LINES)
  })

  test('takes what its copy lacks from the folder', async () => {
    await using first = await temporaryFolder()
    await using second = await temporaryFolder()
    const { add } = createPlace()
    await write(first.path, LINES)
    expect(await add(first.path, [], { resume: true })).toEqual(LINES)
    expect(await add(second.path, [], { resume: true })).toEqual(LINES)
  })

  test.each(['STORE_UNREACHABLE', 'STORE_FULL'] as const)('goes on while its store fails with %s', async (fault) => {
    await using first = await temporaryFolder()
    await using second = await temporaryFolder()
    const { bucket, open, add, away } = createPlace()
    {
      await using ledger = await open(first.path, {})
      bucket.fault = fault
      for (const line of LINES) await ledger.append(line)
      expect(away).toEqual([fault])
      bucket.fault = null
    }
    expect(await read(first.path)).toBe(textOf(HEAD, ...LINES))
    expect(await add(second.path, [], { resume: true })).toEqual(LINES)
  })

  test('ends where another machine has taken it over', async () => {
    await using first = await temporaryFolder()
    await using second = await temporaryFolder()
    const { leases, open } = createPlace()
    const stale = await open(first.path, {})
    await stale.append(LINES[0] as LedgerRecord)
    leases.expire('bucket/sweep')
    await using next = await open(second.path, { resume: true })
    expect(next.records).toEqual(LINES.slice(0, 1))
    await expect(stale.append(LINES[1] as LedgerRecord)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })
})
