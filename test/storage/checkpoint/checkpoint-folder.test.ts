import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../../src/storage/checkpoint/checkpoint.js'
import {
  CheckpointDamage,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../src/storage/checkpoint/checkpoint-file.js'
import { openCheckpoints } from '../../../src/storage/checkpoint/checkpoint-folder.js'
import { openResumable } from '../../../src/storage/checkpoint/open-resumable.js'
import { requireIdentity } from '../../../src/storage/checkpoint/require-identity.js'
import { lockOf } from '../../../src/storage/lock/lock-folder.js'
import '../../support/guard.js'

/** The build, which a process of its own can run. */
const FOLDER_MODULE = new URL('../../../dist/storage/checkpoint/checkpoint-folder.js', import.meta.url).href

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'antidrome-checkpoints-'))
})
afterEach(() => rm(root, { recursive: true }))

const checkpoint = (step: number): Checkpoint => ({
  head: { kind: 'training', writer: '0.1.0', identity: { seed: '7', kernel: 'simd' }, position: { epoch: 1, step } },
  body: { weights: Float64Array.of(step, -0, Number.NaN), label: Uint8Array.of(3), norm: Infinity, loss: null },
})
const bytesOf = (step: number) => new Uint8Array(Buffer.concat(encodeCheckpoint(checkpoint(step))))
const nameOf = (number: number) => `checkpoint-${String(number).padStart(6, '0')}.antd`

describe('the file', () => {
  test('gives back what was written, to the bit', () => {
    const read = decodeCheckpoint(bytesOf(3))
    expect(read).toStrictEqual(checkpoint(3))
    expect(Object.is((read.body as { weights: Float64Array }).weights[1], -0)).toBe(true)
  })

  test('begins with the bytes of the format', () => {
    const bytes = bytesOf(3)
    const text = JSON.stringify(checkpoint(3).head)
    expect(Buffer.from(bytes.subarray(0, 8)).toString('latin1')).toBe('ANTDCKPT')
    const view = new DataView(bytes.buffer)
    expect([view.getUint32(8, true), view.getUint32(12, true)]).toEqual([1, text.length])
    expect(Number(view.getBigUint64(16, true))).toBe(bytes.length - 64 - Math.ceil(text.length / 8) * 8)
    expect(Buffer.from(bytes.subarray(64, 64 + text.length)).toString()).toBe(text)
  })

  test('with any bit turned, or cut anywhere, is refused', () => {
    const whole = bytesOf(3)
    fc.assert(
      fc.property(fc.nat(8 * whole.length - 1), fc.nat(whole.length - 1), (bit, length) => {
        const turned = whole.slice()
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(() => decodeCheckpoint(turned)).toThrow(CheckpointDamage)
        expect(() => decodeCheckpoint(whole.slice(0, length))).toThrow(CheckpointDamage)
      }),
      { seed: 1 },
    )
  })
})

/** The files of a folder but for its lock. */
const filesIn = async (path: string) => (await readdir(path)).filter((name) => name !== basename(LOCK)).sort()
const LOCK = lockOf('', 'checkpoints')

describe('the folder', () => {
  test('keeps the newest three and finds the newest', async () => {
    const folder = await openCheckpoints(join(root, 'deep', 'down'))
    expect(await folder.newest()).toBeNull()
    for (const step of [1, 2, 3, 4, 5]) await folder.write(checkpoint(step))
    expect(await filesIn(folder.path)).toEqual([3, 4, 5].map(nameOf))
    await folder[Symbol.asyncDispose]()
    expect(await readdir(folder.path)).toEqual([3, 4, 5].map(nameOf))
    await using again = await openCheckpoints(folder.path, { resume: true })
    const found = await again.newest()
    expect(found).toMatchObject({ file: join(folder.path, nameOf(5)), damaged: [] })
    expect(found?.checkpoint).toStrictEqual(checkpoint(5))
  })

  test('counts on beyond six digits', async () => {
    for (const [number, step] of [
      [999_998, 1],
      [999_999, 2],
      [1_000_000, 3],
    ] as const)
      await writeFile(join(root, nameOf(number)), bytesOf(step))
    await using folder = await openCheckpoints(root, { resume: true })
    expect((await folder.newest())?.checkpoint).toStrictEqual(checkpoint(3))
    expect(await folder.write(checkpoint(4))).toBe(join(root, nameOf(1_000_001)))
    expect(await filesIn(root)).toEqual([1_000_000, 1_000_001, 999_999].map(nameOf))
  })

  test('passes over damaged ones and names each', async () => {
    await using folder = await openCheckpoints(root)
    for (const step of [1, 2, 3]) await folder.write(checkpoint(step))
    await truncate(join(root, nameOf(3)), 200)
    const second = await readFile(join(root, nameOf(2)))
    second[100] = 0
    await writeFile(join(root, nameOf(2)), second)
    const found = await folder.newest()
    expect(found?.checkpoint).toStrictEqual(checkpoint(1))
    expect(found?.damaged).toEqual([
      { file: join(root, nameOf(3)), found: `200 bytes instead of ${bytesOf(3).length}` },
      { file: join(root, nameOf(2)), found: 'bytes that do not match their checksum' },
    ])
    // The next one comes behind the damaged ones.
    expect(await folder.write(checkpoint(4))).toBe(join(root, nameOf(4)))
  })

  test('in which none is whole is a mistake that names them all', async () => {
    await using folder = await openCheckpoints(root)
    await writeFile(join(root, nameOf(12)), 'hello')
    await expect(folder.newest()).rejects.toMatchObject({
      code: 'CHECKPOINT_DAMAGED',
      message: expect.stringContaining(`5 bytes, too few for any checkpoint (${join(root, nameOf(12))})`),
    })
  })

  test('of another version of the format is refused with both', async () => {
    await using folder = await openCheckpoints(root)
    const bytes = bytesOf(1)
    bytes[8] = 9
    await writeFile(join(root, nameOf(1)), resealed(bytes))
    await expect(folder.newest()).rejects.toMatchObject({
      code: 'CHECKPOINT_VERSION',
      details: { file: join(root, nameOf(1)), found: '9', expected: '1' },
    })
  })

  test('with checkpoints of an earlier run is refused, unless it is gone on with or replaced', async () => {
    await writeFile(join(root, 'notes.txt'), 'x')
    const earlier = await openCheckpoints(root)
    for (const step of [1, 2, 3]) await earlier.write(checkpoint(step))
    for (const options of [{}, { resume: true }, { overwrite: true }])
      await expect(openCheckpoints(root, options)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await earlier[Symbol.asyncDispose]()
    await expect(openCheckpoints(root)).rejects.toMatchObject({
      code: 'CHECKPOINTS_EXIST',
      details: { file: root, found: '3 checkpoints of an earlier run' },
    })
    expect(await filesIn(root)).toEqual([...[1, 2, 3].map(nameOf), 'notes.txt'])
    {
      // Both: what can be gone on with is not replaced.
      await using both = await openCheckpoints(root, { resume: true, overwrite: true })
      await both.write(checkpoint(4))
      expect(await filesIn(root)).toEqual([...[2, 3, 4].map(nameOf), 'notes.txt'])
    }
    await using later = await openCheckpoints(root, { overwrite: true })
    // They stay as long as there is nothing better.
    expect(await filesIn(root)).toEqual([...[2, 3, 4].map(nameOf), 'notes.txt'])
    await later.write(checkpoint(5))
    expect(await filesIn(root)).toEqual([nameOf(5), 'notes.txt'])
    await later.write(checkpoint(6))
    expect(await filesIn(root)).toEqual([...[5, 6].map(nameOf), 'notes.txt'])
  })

  test('is cleared of what a write that was cut short has left, and of nothing else', async () => {
    const draft = `.${nameOf(4)}.0c5a.tmp`
    for (const name of [draft, '.other.0c5a.tmp', 'notes.txt']) await writeFile(join(root, name), 'x')
    await using _folder = await openCheckpoints(root)
    expect(await filesIn(root)).toEqual(['.other.0c5a.tmp', 'notes.txt'])
  })

  test('that cannot be written is told by name', async () => {
    const path = join(root, 'a file')
    await writeFile(path, 'no folder')
    await expect(openCheckpoints(path)).rejects.toMatchObject({
      ...{ code: 'FILE_UNWRITABLE', details: { file: path } },
      message: expect.stringContaining('A file stands where a folder is to be'),
    })
  })

  test('with no room for another leaves those that were there', async () => {
    const script = `
      import { openCheckpoints } from ${JSON.stringify(FOLDER_MODULE)}
      const folder = await openCheckpoints(process.argv[1])
      const head = { kind: 'training', writer: '', identity: {}, position: {} }
      await folder.write({ head, body: { small: new Float64Array(8) } })
      try { await folder.write({ head, body: { large: new Float64Array(1 << 17) } }) }
      catch ({ code, message }) { console.log(JSON.stringify({ code, message })) }`
    const command = `ulimit -f 256; exec "$0" --input-type=module -e "$1" "$2"`
    const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, script, root])
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringMatching(/checkpoint-000002\.antd cannot be written: (EFBIG|ENOSPC)/),
    })
    expect(await filesIn(root)).toEqual([nameOf(1)])
    // The process has ended without a word, and its lock is there.
    await using again = await openCheckpoints(root, { resume: true })
    expect((await again.newest())?.damaged).toEqual([])
  })
})

test('where files can no longer be opened the newest checkpoint is not given up for an older one', async () => {
  await using folder = await openCheckpoints(root)
  for (const step of [1, 2]) await folder.write(checkpoint(step))
  await folder[Symbol.asyncDispose]()
  // The system says so of one file.
  const script = `
    import files from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const { open } = files
    files.open = (path, ...rest) => path === process.argv[2]
      ? Promise.reject(Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }))
      : open(path, ...rest)
    syncBuiltinESMExports()
    const { openCheckpoints } = await import(${JSON.stringify(FOLDER_MODULE)})
    const folder = await openCheckpoints(process.argv[1], { resume: true })
    try { console.log(JSON.stringify(await folder.newest())) }
    catch ({ code }) { console.log(JSON.stringify({ code })) }`
  const argv = ['--input-type=module', '-e', script, root, join(root, nameOf(2))]
  const { stdout } = await promisify(execFile)(process.execPath, argv)
  expect(JSON.parse(stdout)).toEqual({ code: 'TOO_MANY_FILES' })
})

test('a checkpoint of another run is refused with both values', async () => {
  await using folder = await openCheckpoints(root)
  await folder.write(checkpoint(1))
  const found = await folder.newest()
  if (found === null) throw new Error('no checkpoint')
  const identity = { seed: '7', kernel: 'simd' }
  expect(() => requireIdentity(found, { kind: 'training', identity })).not.toThrow()
  const cases = [
    { run: { kind: 'training', identity: { ...identity, seed: '8' } }, field: 'seed', found: '7', expected: '8' },
    { run: { kind: 'simulation', identity }, field: 'kind', found: 'training', expected: 'simulation' },
    {
      run: { kind: 'training', identity: { ...identity, batch: '3' } },
      field: 'batch',
      found: 'nothing',
      expected: '3',
    },
    { run: { kind: 'training', identity: { seed: '7' } }, field: 'kernel', found: 'simd', expected: 'nothing' },
  ] as const
  for (const { run, ...values } of cases)
    expect(() => requireIdentity(found, run)).toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT_MISMATCH',
        details: expect.objectContaining({ file: found.file, ...values }),
      }),
    )
})

test('a folder whose checkpoints are of no use is free again', async () => {
  const folder = await openCheckpoints(root)
  await folder.write(checkpoint(1))
  await folder[Symbol.asyncDispose]()
  const run = { kind: 'training', identity: { seed: '8', kernel: 'simd' } } as const
  await expect(openResumable(root, { resume: true }, run)).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' })
  expect(await readdir(root)).toEqual([nameOf(1)])
})

/** The bytes with a checksum that fits them. */
function resealed(bytes: Uint8Array): Uint8Array {
  bytes.fill(0, 24, 56)
  bytes.set(createHash('sha256').update(bytes).digest(), 24)
  return bytes
}
