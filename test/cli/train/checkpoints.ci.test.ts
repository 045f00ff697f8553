import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../support/eventually.js'
import { childrenOf, isAlive } from '../../support/processes.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { type CommandProcess, finish, start } from '../run-process.js'
import { checkpointsIn, metricsOf, smallTraining } from './kept-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const trainWith = smallTraining(files)
const SMALL = trainWith({})

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
    expect(err).toMatch(/^antidrome: continues from killed.checkpoint-\d{6}\.antd: .* done\.\n$/)
    expect(jsonLines(out).at(-1)).toMatchObject({ done: true })
    expect(metricsOf('killed')).toEqual(undisturbed)
  })
})

/** Without what depends on the time, and without the names of the runs. */
function stableLines(text: string): readonly object[] {
  return jsonLines(text).map(({ samplesPerSecond, cpuSecondsPerSample, run: _, runs, ...rest }) => rest)
}

test('a training with several seeds that was killed goes on with the seed it had', async () => {
  const several = [...SMALL, '--seeds', '3,1', '--keep-best']
  const whole = await run(...several, '--name', 'whole')
  expect({ code: whole.code, err: whole.err }).toEqual({ code: 0, err: '' })
  const flags = ['--name', 'parts', '--checkpoint', 'parts']
  const child = start(files.folder, ...several, ...flags, '--resume')
  const ended = finish(child)
  // The second seed. Locks and attempts to write come before.
  while (checkpointsIn(join('parts', 'seed-1')).length === 0 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 2))
  child.kill('SIGKILL')
  expect((await ended).code).toBe(-1)
  const resumed = await run(...several, ...flags, '--resume')
  expect(resumed.code).toBe(0)
  // The seed that was through says what came of it, and nothing is trained again.
  expect(stableLines(resumed.out)[0]).toEqual(stableLines(whole.out)[12])
  expect(stableLines(resumed.out).slice(-2)).toEqual(stableLines(whole.out).slice(-2))
  expect(metricsOf(join('parts', 'seed-1'))).toEqual(metricsOf(join('whole', 'seed-1')))
  const networkOf = (name: string) => readFileSync(join('runs', name, 'seed-1', 'network.json'), 'utf8')
  expect(networkOf('parts')).toBe(networkOf('whole'))
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
      /antidrome: Core \d died: signal SIGKILL\..* Restarting all cores \(restart 1 of 3\); \d+ mini-/,
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
})
