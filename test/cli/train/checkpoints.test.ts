import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, run } from '../run-in-process.js'
import { finish, start } from '../run-process.js'
import { TINY_PRESET } from '../tiny-training.js'
import { checkpointsIn, metricsOf, smallTraining } from './kept-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const trainWith = smallTraining(files)
const SMALL = trainWith({})

const OTHER_DATA = files.write('other-data.json', { ...TINY_PRESET, data: { ...TINY_PRESET.data, deletion: 0.5 } })

let undisturbed: readonly object[]
beforeAll(async () => {
  expect((await run(...SMALL, '--name', 'undisturbed')).code).toBe(0)
  undisturbed = metricsOf('undisturbed')
})

describe('a training with checkpoints', () => {
  test('ends at a signal with a checkpoint of that moment, from which it goes on', async () => {
    const flags = ['--name', 'stopped', '--checkpoint', 'stopped']
    const child = start(files.folder, ...SMALL, ...flags, '--cores', '2', '--transport', 'local')
    // Somewhere within an epoch, or between two.
    child.stdout.once('data', () => child.kill('SIGINT'))
    const { code, err } = await finish(child)
    expect(code).toBe(130)
    expect(err).toContain('interrupted; stopped keeps a checkpoint, from which --resume continues.')
    const resumed = await run(...SMALL, ...flags, '--resume')
    const [, place = '?'] =
      /^antidrome: continues from (stopped.checkpoint-\d{6}\.antd: .* done\.)\n$/.exec(resumed.err) ?? []
    const isBetween = /: \d+ epochs? (are|is) done/.test(place)
    expect(err.includes(`antidrome: wrote ${place}\n`)).toBe(!isBetween)
    expect(metricsOf('stopped')).toEqual(undisturbed)
  })

  test('passes over damaged ones and names them; with no whole one it ends', async () => {
    const flags = ['--name', 'damaged', '--checkpoint', 'damaged']
    await run(...SMALL, ...flags)
    expect(checkpointsIn('damaged')).toHaveLength(3)
    const path = (k: number) => join('damaged', checkpointsIn('damaged').toSorted()[k] as string)
    truncateSync(path(2), 1000)
    const { code, err } = await run(...SMALL, ...flags, '--resume')
    expect(code).toBe(0)
    expect(err).toMatch(
      /passed over damaged.checkpoint-000013\.antd: 1000 bytes instead of \d+\.\nantidrome: continues from .*000012/,
    )
    expect(metricsOf('damaged')).toEqual(undisturbed)
    for (const k of [0, 1, 2]) truncateSync(path(k), 10)
    const none = await run(...SMALL, ...flags, '--resume')
    expect(none.code).toBe(2)
    expect(none.err).toMatch(/"CHECKPOINT_DAMAGED".*10 bytes, too few .*000014.*000013.*000012/)
  })

  test.each([
    { flag: { '--seed': '1' }, told: /shuffle: found 0, expected 1\./ },
    { flag: { '--kernel': 'reference' }, told: /kernel: found simd, expected reference\./ },
    { flag: { '--batch': '4' }, told: /batch: found 3, expected 4\./ },
    { flag: { '--epochs': '4' }, told: /epochs: found 12, expected 4\./ },
    { flag: { '--hidden': '9' }, told: /groups: found input\[5\] hidden\[6\] .*, expected input\[5\] hidden\[9\]/ },
    { flag: { '--preset': OTHER_DATA }, told: /data\.deletion: found 0.25, expected 0.5\./ },
    { flag: { '--learn': 'weights' }, told: /rates: found .*delays.*, expected \{\\"weights\\":0.01\}/ },
  ])('is refused with both values where $flag differs', async ({ flag, told }) => {
    if (checkpointsIn('stopped').length === 0) throw new Error('no checkpoints to refuse')
    const { code, err } = await run(...trainWith(flag), '--checkpoint', 'stopped', '--resume')
    expect(code).toBe(2)
    expect(err).toMatch(told)
    expect(err).toContain('"CHECKPOINT_MISMATCH"')
  })

  test('that resumes without one starts anew and says so', async () => {
    const command = [...trainWith({ '--epochs': '1' }), '--checkpoint', 'none', '--resume']
    const { code, err } = await run(...command)
    expect({ code, err }).toEqual({
      code: 0,
      err: 'antidrome: there is no checkpoint in none yet; starts from the beginning.\n',
    })
  })

  test.each([['--resume'], ['--checkpoint-every', '5']])('needs a folder for %s', async (...flags) => {
    const { code, err } = await run(...SMALL, ...flags)
    expect(code).toBe(2)
    expect(err).toContain('"FLAG_CONFLICT"')
  })

  test('ends before it begins where no folder can be', async () => {
    files.write('a-file', 'no folder')
    const { code, err } = await run(...SMALL, '--checkpoint', 'a-file')
    expect(code).toBe(2)
    expect(err).toMatch(/"FILE_UNWRITABLE".*a-file: --checkpoint: found a path that leads through a file, /)
  })
})

describe('a training whose cores die', () => {
  test('has none in this process', async () => {
    const { code, err } = await run(...SMALL, '--restarts', '2')
    expect(code).toBe(2)
    expect(err).toMatch(/"FLAG_CONFLICT".*--restarts: /)
  })
})
