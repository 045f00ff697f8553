import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf, eventually, isAlive } from '../../actors/built-cluster.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { type CommandProcess, finish, start } from '../run-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const SETTINGS = { '--preset': files.write('tiny.json', TINY_PRESET), '--batch': '3', '--epochs': '12' }
const trainWith = (changes: object) => [
  'train',
  'temporal-patterns',
  '--json',
  ...Object.entries({ ...SETTINGS, ...changes }).flat(),
]
const SMALL = trainWith({})

/** The lines of a run without the fields that depend on the time, and without its name. */
function metricsOf(name: string): readonly object[] {
  const lines = jsonLines(readFileSync(join('runs', name, 'metrics.jsonl'), 'utf8'))
  return lines.map(({ samplesPerSecond, cpuSecondsPerSample, run: _, ...rest }) => rest)
}

const OTHER_DATA = files.write('other-data.json', { ...TINY_PRESET, data: { ...TINY_PRESET.data, deletion: 0.5 } })

const checkpointsIn = (dir: string) => {
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.antd')) : []
}

/** Sends a signal once there are checkpoints with this number or a higher one. */
async function signalAt(child: CommandProcess, dir: string, number: number, signal: NodeJS.Signals): Promise<void> {
  const newest = () => Math.max(0, ...checkpointsIn(dir).map((name) => Number(/\d+/.exec(name)?.[0])))
  while (newest() < number && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2))
  child.kill(signal)
}

let undisturbed: readonly object[]
beforeAll(async () => {
  expect((await run(...SMALL, '--name', 'undisturbed')).code).toBe(0)
  undisturbed = metricsOf('undisturbed')
})

describe('a training with checkpoints', () => {
  test('that is killed again and again ends with the same bits, on any number of cores and threads', async () => {
    const flags = ['--name', 'killed', '--checkpoint', 'killed', '--checkpoint-every', '2', '--resume']
    const spreads = [[], ['--cores', '2'], ['--cores', '2', '--transport', 'thread'], ['--threads', '2']]
    for (const [k, spread] of spreads.entries()) {
      const child = start(files.folder, ...SMALL, ...flags, ...spread)
      const ended = finish(child)
      // The last one less than half-way to the end.
      await signalAt(child, 'killed', 2 + 4 * k, 'SIGKILL')
      expect(await ended).toMatchObject({ code: -1, err: expect.not.stringContaining('"error"') })
    }
    const { code, err, out } = await run(...SMALL, ...flags)
    expect(code).toBe(0)
    expect(err).toMatch(/^antidrome: goes on from killed.checkpoint-\d{6}\.antd: .* done\.\n$/)
    expect(jsonLines(out).at(-1)).toMatchObject({ done: true })
    expect(metricsOf('killed')).toEqual(undisturbed)
  })

  test('that feels near misses goes on in the middle with the same bits, on other cores and threads', async () => {
    const near = { below: 0.4, fall: 0.05, strength: 0.5, dying: true }
    const training = { ...TINY_PRESET.training, learn: ['weights'], nearMiss: { hidden: near } }
    const command = trainWith({ '--preset': files.write('near-misses.json', { ...TINY_PRESET, training }) })
    await run(...command, '--name', 'near-misses', '--checkpoint', 'near-misses', '--checkpoint-every', '5')
    const whole = metricsOf('near-misses')
    expect(whole).toHaveLength(13)
    const [first, ...later] = checkpointsIn('near-misses').sort()
    for (const name of later) rmSync(join('near-misses', name))
    const flags = ['--resume', '--cores', '2', '--transport', 'thread', '--threads', '2']
    const { code, err } = await finish(
      start(files.folder, ...command, '--name', 'near-misses', '--checkpoint', 'near-misses', ...flags),
    )
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining(`goes on from ${join('near-misses', first!)}: `),
    })
    expect(metricsOf('near-misses')).toEqual(whole)
  })

  test('ends at a signal with a checkpoint of that moment, from which it goes on', async () => {
    const flags = ['--name', 'stopped', '--checkpoint', 'stopped']
    const child = start(files.folder, ...SMALL, ...flags, '--cores', '2')
    // Somewhere within an epoch, or between two.
    child.stdout.once('data', () => child.kill('SIGINT'))
    const { code, err } = await finish(child)
    expect(code).toBe(130)
    expect(err).toContain('interrupted; stopped keeps a checkpoint, from which --resume goes on.')
    const resumed = await run(...SMALL, ...flags, '--resume')
    const [, place = '?'] =
      /^antidrome: goes on from (stopped.checkpoint-\d{6}\.antd: .* done\.)\n$/.exec(resumed.err) ?? []
    const isBetween = /: \d+ epochs? (are|is) done/.test(place)
    expect(err.includes(`antidrome: wrote ${place}\n`)).toBe(!isBetween)
    expect(metricsOf('stopped')).toEqual(undisturbed)
  })

  test('passes over damaged ones and names them; with no whole one it ends', async () => {
    const flags = ['--name', 'damaged', '--checkpoint', 'damaged']
    await run(...SMALL, ...flags)
    expect(checkpointsIn('damaged')).toHaveLength(3)
    const path = (k: number) => join('damaged', checkpointsIn('damaged').sort()[k] as string)
    truncateSync(path(2), 1000)
    const { code, err } = await run(...SMALL, ...flags, '--resume')
    expect(code).toBe(0)
    expect(err).toMatch(
      /passed over damaged.checkpoint-000013\.antd: 1000 bytes instead of \d+\.\nantidrome: goes on from .*000012/,
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
    expect({ code, err }).toEqual({ code: 0, err: 'antidrome: there is no checkpoint in none yet; starts anew.\n' })
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

/** Kills the first core of a run that has one, and gives its number. */
async function killCore(child: CommandProcess): Promise<number> {
  const cores = () => childrenOf(child.pid as number)
  await eventually(() => cores().length === 2)
  const [victim] = cores()
  process.kill(victim as number, 'SIGKILL')
  return victim as number
}

describe('a training whose cores die', () => {
  test('starts them anew, says so, and ends with the same bits', async () => {
    const flags = ['--cores', '2', '--name', 'restarted', '--checkpoint', 'restarted']
    const child = start(files.folder, ...SMALL, ...flags)
    const ended = finish(child)
    await signalAt(child, 'restarted', 2, 'SIGCONT')
    const victim = await killCore(child)
    const { code, err } = await ended
    expect(code).toBe(0)
    expect(err).toMatch(
      /antidrome: Core \d died: signal SIGKILL\..* Starting all cores anew \(restart 1 of 3\); \d+ mini-/,
    )
    expect(metricsOf('restarted')).toEqual(undisturbed)
    expect(isAlive(victim)).toBe(false)
  })

  test('ends at once where no restarts are allowed', async () => {
    const child = start(
      files.folder,
      ...SMALL,
      '--cores',
      '2',
      '--checkpoint',
      'mortal',
      '--restarts',
      '0',
      '--transport',
      'unix',
    )
    const ended = finish(child)
    await signalAt(child, 'mortal', 1, 'SIGCONT')
    await killCore(child)
    const { code, err } = await ended
    expect(code).toBe(1)
    expect(err).toContain('"CORE_DIED"')
  })

  test('has none in this process', async () => {
    const { code, err } = await run(...SMALL, '--restarts', '2')
    expect(code).toBe(2)
    expect(err).toMatch(/"FLAG_CONFLICT".*--restarts: /)
  })
})
