import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { disturb } from './disturb-cores.js'
import { createWorkingFolder, jsonLines, type Outcome, run } from './run-in-process.js'
import { runProcess } from './run-process.js'
import { TINY_PRESET } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

/** Most of what a run of it takes is the start of its processes. */
const TRAINING = ['temporal-patterns', '--preset', files.write('tiny.json', TINY_PRESET)]

describe('train over cores', () => {
  test('prints and leaves what one process does, but for its speed', async () => {
    const train = ['train', ...TRAINING, '--epochs', '1', '--json', '--name', 'run', '--overwrite']
    const resultsOf = ({ code, out }: Outcome) => {
      const lines = jsonLines(out)
      expect({ code, lines: lines.length }).toEqual({ code: 0, lines: 2 })
      const [{ samplesPerSecond, cpuSecondsPerSample, ...epoch } = {}, last] = lines
      for (const value of [samplesPerSecond, cpuSecondsPerSample]) expect(value).toBeGreaterThan(0)
      return { epoch, last, network: readFileSync(join('runs', 'run', 'network.json'), 'utf8') }
    }
    const one = await run(...train)
    const expected = resultsOf(one)
    const three = await runProcess(files.folder, ...train, '--cores', '3', '--transport', 'websocket')
    expect(resultsOf(three)).toEqual(expected)
    expect(one.err).toBe('')
    // What was placed where, and what went over the links, is told beside.
    expect(three.err).toMatch(/^3 cores, each a process, linked by websockets:\ncore +column,row +slices/)
    expect(three.err).toMatch(/\ncore 1 - core 2 +[1-9]\d* +0 +0 +[1-9]\d* +[1-9]\d* +[1-9]\d*\n/)
    // What a source is given goes to those who listen with their orders, not over a link.
    expect(three.err).not.toContain('core 0 - core 1')
  })
})

describe('train with replicas', () => {
  const { data, training } = TINY_PRESET
  const preset = files.write('dealt.json', {
    ...TINY_PRESET,
    data: { ...data, sizes: { ...data.sizes, train: 100 } },
    training: { ...training, batch: 64 },
  })
  const train = ['train', 'temporal-patterns', '--preset', preset, '--epochs', '1', '--json', '--overwrite']

  test('ends with the digest of one process', async () => {
    const one = await run(...train, '--name', 'one')
    const two = await run(...train, '--name', 'two', '--replicas', '2', '--transport', 'local')
    const digestOf = ({ out }: Outcome) => jsonLines(out).at(-1)!.digest
    expect(digestOf(two)).toBe(digestOf(one))
    expect(two.code).toBe(0)
  })

  test('is refused where mini-batches have fewer chunks, before anything is written', async () => {
    const { code, out, err } = await run(...train, '--name', 'three', '--replicas', '3')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('--replicas: found 3 replicas for mini-batches of 64 trials, expected at most 2')
    expect(err).toContain('REPLICAS_TOO_MANY')
    expect(existsSync(join('runs', 'three'))).toBe(false)
  })

  test('is refused beside the surrogate, which has no cores', async () => {
    const { code, err } = await run(...train, '--method', 'surrogate', '--replicas', '2')
    expect(code).toBe(2)
    expect(err).toMatch(/FLAG_CONFLICT.*--replicas: found the flag/)
  })
})

describe('while cores train', () => {
  test('a core that dies ends the run with 1 and is named', async () => {
    const { code, err } = await disturb('died', TRAINING, (_, cores) => process.kill(cores[1] as number, 'SIGKILL'))
    expect(code).toBe(1)
    expect(err).toMatch(
      /\{"error":\{"code":"CORE_DIED","message":"Core \d died: signal SIGKILL\. .*last watermark.*\}\}\n$/,
    )
  })
})

test.each(['--listen', '--silence'])(
  '%s that nobody needs is refused before anything is made or told',
  async (flag) => {
    const value = flag === '--listen' ? '127.0.0.1:0' : '5000'
    const argv = ['train', 'yin-yang', '--cores', '2', '--transport', 'local', flag, value, '--name', 'idle']
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(new RegExp(`^antidrome: ${flag}: found the flag beside --transport local.*FLAG_CONFLICT\\]\n$`))
    expect(existsSync(join('runs', 'idle'))).toBe(false)
  },
)

test('a port in use is a mistake on the command line, and nothing is started', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const argv = ['train', 'yin-yang', '--cores', '2', '--listen', `127.0.0.1:${port}`, '--json', '--name', 'none']
  const { code, out, err } = await run(...argv)
  await new Promise((resolve) => server.close(resolve))
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`--listen: found 127.0.0.1:${port}, which is in use, expected a free port.`)
})

test('more cores than blocks are refused before anything is made', async () => {
  const { code, out, err } = await run('train', 'yin-yang', '--cores', '70', '--name', 'wide')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^antidrome: --cores: found 70, expected at most 6\. .*\[CORES_TOO_MANY\]\n$/)
  expect(existsSync(join('runs', 'wide'))).toBe(false)
})
