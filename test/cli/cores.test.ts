import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { childrenOf, eventually, isAlive } from '../actors/built-cluster.js'
import { GROUP_INPUT, groupOf200, RING_INPUT, ringFile } from './cut-networks.js'
import { createFiles, jsonLines, type Outcome } from './run-in-process.js'
import { type CommandProcess, finish, runProcess, start, startGroup } from './run-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const NETWORKS = [
  { name: 'a ring', network: ringFile(), input: RING_INPUT, until: '80', cores: '2' },
  { name: 'a group of 200', network: groupOf200(), input: GROUP_INPUT, until: '30', cores: '3' },
]

describe.each(NETWORKS)('$name over $cores cores', ({ name, network, input, until, cores }) => {
  const file = (kind: string, content: object) => files.write(`${name.replaceAll(' ', '-')}-${kind}.json`, content)
  const trial = [file('network', network), '--input', file('input', input), '--until', until, '--json']
  const group = name === 'a ring' ? 'ring' : 'wide'
  const loss = ['--loss', file('loss', { kind: 'spikeCount', group, label: 3 })]

  const run = async (command: string, ...argv: string[]) => {
    const outcome = await runProcess(files.folder, command, ...trial, ...argv)
    expect({ ...outcome, out: outcome.out.length > 100 }).toEqual({ code: 0, err: '', out: true })
    return outcome.out
  }

  test('simulate prints the same bytes', async () => {
    expect(await run('simulate', '--cores', cores)).toBe(await run('simulate'))
  })

  test('gradient prints the same bytes, of processes and of threads', async () => {
    const one = await run('gradient', ...loss)
    expect(await run('gradient', ...loss, '--cores', cores, '--transport', 'websocket')).toBe(one)
    expect(await run('gradient', ...loss, '--cores', cores, '--transport', 'thread')).toBe(one)
  })
})

/** The one with the fewest samples: most of what a run takes is the start of its processes. */
const TASK = 'spike-times'
const TRAINING = ['--hidden', '8', '--epochs', '1', '--batch', '100']

describe('train over three cores', () => {
  test('prints, leaves and verifies what one process does, but for its speed', async () => {
    const train = ['train', TASK, ...TRAINING, '--json', '--name', 'run', '--overwrite']
    const outcome = async (...argv: string[]) => {
      const { code, out, err } = await runProcess(files.folder, ...train, ...argv)
      const lines = jsonLines(out)
      expect({ code, lines: lines.length }).toEqual({ code: 0, lines: 2 })
      const [{ samplesPerSecond, cpuSecondsPerSample, ...epoch } = {}, last] = lines
      for (const value of [samplesPerSecond, cpuSecondsPerSample]) expect(value).toBeGreaterThan(0)
      const network = readFileSync(join(files.folder, 'runs', 'run', 'network.json'), 'utf8')
      return { err, results: { epoch, last, network } }
    }
    const one = await outcome()
    const three = await outcome('--cores', '3')
    expect(three.results).toEqual(one.results)
    expect(one.err).toBe('')
    // What was placed where, and what went over the links, is told beside.
    expect(three.err).toMatch(/^3 cores, each a process, linked by websockets:\ncore +column,row +slices/)
    expect(three.err).toMatch(/\ncore 1 - core 2 +[1-9]\d* +0 +0 +[1-9]\d* +[1-9]\d* +[1-9]\d*\n/)
    // The source is not answered.
    expect(three.err).toMatch(/\ncore 0 - core 1 +[1-9]\d* +0 +0 +0 +[1-9]\d* +[1-9]\d*\n/)

    const spread = ['--cores', '3', '--transport', 'thread', '--threads', '2', '--json']
    const { code, out } = await runProcess(files.folder, 'verify', TASK, ...TRAINING, ...spread)
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toEqual({
      equal: true,
      placements: [
        { cores: 1, transport: 'local', threads: 1 },
        { cores: 3, transport: 'thread', threads: 2 },
      ],
      digest: one.results.last?.digest,
    })
  })
})

/** Trains until its cores are at work, does something to them, and waits for the end of them all. */
async function disturb(
  name: string,
  act: (child: CommandProcess, cores: readonly number[]) => void,
  ...argv: string[]
) {
  const flags = ['--hidden', '8', '--batch', '50', '--epochs', '100000', '--cores', '3', '--json', '--name', name]
  const child = start(files.folder, 'train', TASK, ...flags, ...argv)
  const ended = finish(child)
  await once(child.stdout, 'data')
  const cores = childrenOf(child.pid as number)
  expect(cores.length).toBe(3)
  act(child, cores)
  const outcome: Outcome = await ended
  await eventually(() => cores.every((core) => !isAlive(core)))
  return outcome
}

const SIGNALS = [
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGHUP', code: 129 },
] as const

describe('while cores train', () => {
  test.each(SIGNALS)('$signal ends them with $code, also one that stands still', async ({ signal, code }) => {
    const outcome = await disturb(signal, (child, cores) => {
      process.kill(cores[1] as number, 'SIGSTOP')
      child.kill(signal)
    })
    expect(outcome.code).toBe(code)
    expect(outcome.err).toMatch(
      /\n\{"error":\{"code":"INTERRUPTED","message":"interrupted; \S+ keeps what the finished epochs left\.".*\}\}\n$/,
    )
  })

  test('an interrupt ends them all with 130', async () => {
    const { code, err } = await disturb('interrupted', (child, cores) => {
      // Like a terminal, which sends it to every process.
      for (const pid of [...cores, child.pid as number]) process.kill(pid, 'SIGINT')
    })
    expect(code).toBe(130)
    expect(err).toContain(`interrupted; ${join('runs', 'interrupted')} keeps`)
  })

  test('a core that dies ends the run with 1 and is named', async () => {
    const { code, err } = await disturb('died', (_, cores) => process.kill(cores[1] as number, 'SIGKILL'))
    expect(code).toBe(1)
    expect(err).toMatch(
      /\{"error":\{"code":"CORE_DIED","message":"Core \d died: signal SIGKILL\. .*last watermark.*\}\}\n$/,
    )
  })

  test('a core that is silent for longer than --silence ends it, too', async () => {
    const stop = (_: CommandProcess, cores: readonly number[]) => process.kill(cores[1] as number, 'SIGSTOP')
    const { code, err } = await disturb('silent', stop, '--silence', '3000')
    expect(code).toBe(1)
    expect(err).toMatch(/\{"error":\{"code":"CORE_SILENT","message":"Core \d fell silent\. .*3000 ms.*\}\}\n$/)
  })
})

/** Waits for the cores of a command, does something, and waits for the end of them all. */
async function disturbStart(child: CommandProcess, count: number, act: (cores: readonly number[]) => void) {
  const ended = finish(child)
  const cores = () => childrenOf(child.pid as number)
  await eventually(() => cores().length === count)
  const all = cores()
  act(all)
  const outcome = await ended
  await eventually(() => !all.some(isAlive))
  return outcome
}

describe('while cores start', () => {
  const argv = ['train', 'yin-yang', '--hidden', '8', '--cores', '3', '--json']

  test('an interrupt that reaches everything in the terminal ends them with 130', async () => {
    const child = startGroup(files.folder, ...argv, '--name', 'start')
    const { code, err } = await disturbStart(child, 3, () => process.kill(-(child.pid as number), 'SIGINT'))
    expect(code).toBe(130)
    expect(err).toMatch(/\n\{"error":\{"code":"INTERRUPTED","message":"interrupted; [^\n]*\}\}\n$/)
  })

  test('SIGTERM ends them with 143, also one that stands still', async () => {
    const child = start(files.folder, ...argv, '--name', 'stopped')
    const { code } = await disturbStart(child, 3, (cores) => {
      process.kill(cores[0] as number, 'SIGSTOP')
      child.kill('SIGTERM')
    })
    expect(code).toBe(143)
  })

  test('they end with the command, however that ends', async () => {
    const child = startGroup(files.folder, ...argv, '--name', 'killed')
    const { code } = await disturbStart(child, 3, () => child.kill('SIGKILL'))
    expect(code).toBe(-1)
  })
})

test.each(['simulate', 'gradient'])('a signal stops %s over cores, too', async (command) => {
  const network = files.write('ring.json', ringFile())
  const loss = files.write('count.json', { kind: 'spikeCount', group: 'ring', label: 3 })
  const argv = [command, network, '--until', '50', '--cores', '2', ...(command === 'gradient' ? ['--loss', loss] : [])]
  const child = start(files.folder, ...argv)
  const { code, out, err } = await disturbStart(child, 2, () => child.kill('SIGTERM'))
  expect({ code, out }).toEqual({ code: 143, out: '' })
  expect(err).toBe('antidrome: interrupted; nothing was left behind.\n')
})

test('verify listens where it is told to, for those spreads that listen', async () => {
  const network = files.write('ring.json', ringFile())
  const argv = ['verify', network, '--until', '20', '--cores', '2', '--listen', '127.0.0.1:0', '--silence', '600000']
  const { code, out, err } = await runProcess(files.folder, ...argv, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(jsonLines(out).at(-1)).toMatchObject({ equal: true, placements: { length: 5 } })
})

test.each(['--listen', '--silence'])(
  '%s that nobody needs is refused before anything is made or told',
  async (flag) => {
    const value = flag === '--listen' ? '127.0.0.1:0' : '5000'
    const argv = ['train', 'yin-yang', '--cores', '2', '--transport', 'local', flag, value, '--name', 'idle']
    const { code, out, err } = await runProcess(files.folder, ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(new RegExp(`^antidrome: ${flag}: found the flag beside --transport local.*FLAG_CONFLICT\\]\n$`))
    expect(existsSync(join(files.folder, 'runs', 'idle'))).toBe(false)
  },
)

test('a port in use is a mistake on the command line, and nothing is started', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const argv = ['train', 'yin-yang', '--cores', '2', '--listen', `127.0.0.1:${port}`, '--json', '--name', 'none']
  const { code, out, err } = await runProcess(files.folder, ...argv)
  await new Promise((resolve) => server.close(resolve))
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`--listen: found 127.0.0.1:${port}, which is in use, expected a free port.`)
})

test('more cores than blocks are refused before anything is made', async () => {
  const { code, out, err } = await runProcess(files.folder, 'train', 'yin-yang', '--cores', '70', '--name', 'wide')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^antidrome: --cores: found 70, expected at most 6\. .*\[CORES_TOO_MANY\]\n$/)
  expect(existsSync(join(files.folder, 'runs', 'wide'))).toBe(false)
})
