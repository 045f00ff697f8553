import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CheckpointDamage, decodeCheckpoint } from '../../../src/storage/checkpoint/checkpoint-file.js'
import { openCheckpoints } from '../../../src/storage/checkpoint/checkpoint-folder.js'
import { requireIdentity } from '../../../src/storage/checkpoint/require-identity.js'
import { lockOf } from '../../../src/storage/lock/lock-folder.js'
import { bytesOf, checkpointOf, describeCheckpointStore } from '../../suites/checkpoint-store-suite.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import '../../support/guard.js'
import { builtFile } from '../../support/built-file.js'

/** The build, which a process of its own can run. */
const FOLDER_MODULE = builtFile('storage/checkpoint/checkpoint-folder.js').href

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'antidrome-checkpoints-'))
})
afterEach(() => rm(root, { recursive: true }))

const nameOf = (number: number) => `checkpoint-${String(number).padStart(6, '0')}.antd`

describe('the file', () => {
  test('gives back what was written, to the bit', () => {
    const read = decodeCheckpoint(bytesOf(3))
    expect(read).toStrictEqual(checkpointOf(3))
    expect(Object.is((read.body as { weights: Float64Array }).weights[1], -0)).toBe(true)
  })

  test('begins with the bytes of the format', () => {
    const bytes = bytesOf(3)
    const text = JSON.stringify(checkpointOf(3).head)
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

describeCheckpointStore('a folder', async () => {
  const folder = await temporaryFolder()
  const path = join(folder.path, 'deep', 'down')
  return {
    name: path,
    inUse: 'FOLDER_IN_USE',
    open: (earlier) => openCheckpoints(path, earlier),
    list: () => filesIn(path),
    async put(place, bytes) {
      await mkdir(path, { recursive: true })
      await writeFile(place, bytes)
    },
    beside: (name) => join(path, name),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
})

describe('the folder', () => {
  test('counts on beyond six digits', async () => {
    for (const [number, step] of [
      [999_998, 1],
      [999_999, 2],
      [1_000_000, 3],
    ] as const)
      await writeFile(join(root, nameOf(number)), bytesOf(step))
    await using folder = await openCheckpoints(root, { resume: true })
    expect((await folder.newest())?.checkpoint).toStrictEqual(checkpointOf(3))
    expect(await folder.write(checkpointOf(4))).toBe(join(root, nameOf(1_000_001)))
    expect(await filesIn(root)).toEqual([1_000_000, 1_000_001, 999_999].map(nameOf))
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
  for (const step of [1, 2]) await folder.write(checkpointOf(step))
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
  await folder.write(checkpointOf(1))
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
        details: expect.objectContaining({ file: found.place, ...values }),
      }),
    )
})

test('a checkpoint of a training with an option that was removed is refused by that name', async () => {
  const { head, body } = checkpointOf(1)
  // Another difference there is, too.
  const older = { head: { ...head, identity: { ...head.identity, batch: '3', rateBand: '{"hidden":{}}' } }, body }
  const found = { checkpoint: older, place: 'kept/checkpoint-000001.antd', damaged: [] }
  expect(() => requireIdentity(found, { kind: 'training', identity: head.identity })).toThrow(
    expect.objectContaining({
      code: 'TRAIN_OPTION_REMOVED',
      message: expect.stringMatching(
        /^kept\/checkpoint-000001\.antd: rateBand: found \{"hidden":\{\}\}, expected nothing: this option was removed\. Use spikeBudget .* Its parameters stay readable: for evaluate, and for train --from without --resume\.$/,
      ),
    }),
  )
})
