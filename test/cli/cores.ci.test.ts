import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { GROUP_INPUT, groupOf200, RING_INPUT, ringFile } from './cut-networks.js'
import { disturb, disturbStart } from './disturb-cores.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { type CommandProcess, runProcess, start, startGroup } from './run-process.js'
import { TINY_PRESET } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const RING = files.write('ring.json', ringFile())
const SPIKES_OF_RING = ['--loss', files.write('spikes-of-ring.json', { kind: 'spikeCount', group: 'ring', label: 3 })]
const IN_RING = [RING, '--input', files.write('ring-input.json', RING_INPUT), '--until', '80', '--json']
const WIDE = files.write('wide.json', groupOf200())
const SPIKES_OF_WIDE = ['--loss', files.write('spikes-of-wide.json', { kind: 'spikeCount', group: 'wide', label: 3 })]
const IN_WIDE = [WIDE, '--input', files.write('wide-input.json', GROUP_INPUT), '--until', '30', '--json']

interface Spread {
  readonly what: string
  readonly argv: readonly string[]
  readonly cores: string
  readonly transport: string
  /** More flags of the same kind. */
  readonly spread?: readonly string[]
}

const SPREADS: readonly Spread[] = [
  { what: 'spikes of a ring', argv: ['simulate', ...IN_RING], cores: '2', transport: 'websocket' },
  {
    what: 'gradient of 200',
    argv: ['gradient', ...IN_WIDE, ...SPIKES_OF_WIDE],
    cores: '3',
    transport: 'unix',
    spread: ['--processes', '2'],
  },
]
const MORE_SPREADS: readonly Spread[] = [
  { what: 'gradient of a ring', argv: ['gradient', ...IN_RING, ...SPIKES_OF_RING], cores: '2', transport: 'thread' },
  { what: 'gradient of 200', argv: ['gradient', ...IN_WIDE, ...SPIKES_OF_WIDE], cores: '3', transport: 'websocket' },
  { what: 'spikes of 200', argv: ['simulate', ...IN_WIDE], cores: '3', transport: 'websocket' },
  { what: 'gradient of a ring', argv: ['gradient', ...IN_RING, ...SPIKES_OF_RING], cores: '2', transport: 'websocket' },
  { what: 'gradient of 200', argv: ['gradient', ...IN_WIDE, ...SPIKES_OF_WIDE], cores: '3', transport: 'thread' },
]

test.each(isLong() ? [...SPREADS, ...MORE_SPREADS] : SPREADS)(
  'the $what is printed with the same bytes by $cores cores, linked by $transport',
  async ({ argv, cores, transport, spread = [] }) => {
    const one = await run(...argv)
    expect({ ...one, out: one.out.length > 100 }).toEqual({ code: 0, err: '', out: true })
    const flags = ['--cores', cores, '--transport', transport, ...spread]
    expect(await runProcess(files.folder, ...argv, ...flags)).toEqual(one)
  },
)

const TRAINING = ['temporal-patterns', '--preset', files.write('tiny.json', TINY_PRESET)]

test('verify finds the same bits over threads that share a process, whose kernels have threads, too', async () => {
  const spread = ['--cores', '2', '--transport', 'thread', '--processes', '1', '--threads', '2', '--json']
  const { code, out } = await runProcess(files.folder, 'verify', ...TRAINING, '--epochs', '1', ...spread)
  expect(code).toBe(0)
  const one = await run('train', ...TRAINING, '--epochs', '1', '--json')
  expect(jsonLines(out).at(-1)).toEqual({
    equal: true,
    placements: [
      { cores: 1, transport: 'local', threads: 1 },
      { cores: 2, transport: 'thread', processes: 1, threads: 2 },
    ],
    digest: jsonLines(one.out).at(-1)?.digest,
  })
})

const SIGNALS = [
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGHUP', code: 129 },
] as const

describe('while cores train', () => {
  test.each(inTurn(SIGNALS, 0))(
    '$signal ends them with $code, also one that stands still',
    async ({ signal, code }) => {
      const outcome = await disturb(signal, TRAINING, (child, cores) => {
        process.kill(cores[1] as number, 'SIGSTOP')
        child.kill(signal)
      })
      expect(outcome.code).toBe(code)
      expect(outcome.err).toMatch(
        /\n\{"error":\{"code":"INTERRUPTED","message":"interrupted; \S+ keeps what the finished epochs left\.".*\}\}\n$/,
      )
    },
  )

  test('an interrupt ends them all with 130', async () => {
    const { code, err } = await disturb('interrupted', TRAINING, (child, cores) => {
      // Like a terminal, which sends it to every process.
      for (const pid of [...cores, child.pid as number]) process.kill(pid, 'SIGINT')
    })
    expect(code).toBe(130)
    expect(err).toContain(`interrupted; ${join('runs', 'interrupted')} keeps`)
  })

  test('a core that is silent for longer than --silence ends it, too', async () => {
    const stop = (_: CommandProcess, cores: readonly number[]) => process.kill(cores[1] as number, 'SIGSTOP')
    const { code, err } = await disturb('silent', [...TRAINING, '--silence', '3000'], stop)
    expect(code).toBe(1)
    expect(err).toMatch(/\{"error":\{"code":"CORE_SILENT","message":"Core \d fell silent\. .*3000 ms.*\}\}\n$/)
  })
})

describe('while cores start', () => {
  const argv = ['train', ...TRAINING, '--cores', '2', '--transport', 'websocket', '--json']

  test('an interrupt that reaches everything in the terminal ends them with 130', async () => {
    const child = startGroup(files.folder, ...argv, '--name', 'start')
    const { code, err } = await disturbStart(child, () => process.kill(-(child.pid as number), 'SIGINT'))
    expect(code).toBe(130)
    expect(err).toMatch(/\n\{"error":\{"code":"INTERRUPTED","message":"interrupted; [^\n]*\}\}\n$/)
  })

  test('SIGTERM ends them with 143, also one that stands still', async () => {
    const child = start(files.folder, ...argv, '--name', 'stopped')
    const { code } = await disturbStart(child, (cores) => {
      process.kill(cores[0] as number, 'SIGSTOP')
      child.kill('SIGTERM')
    })
    expect(code).toBe(143)
  })

  test('they end with the command, however that ends', async () => {
    const child = startGroup(files.folder, ...argv, '--name', 'killed')
    const { code } = await disturbStart(child, () => child.kill('SIGKILL'))
    expect(code).toBe(-1)
  })
})

test.each([
  { command: 'simulate', loss: [], signal: 'SIGHUP', ends: 129 },
  { command: 'gradient', loss: SPIKES_OF_RING, signal: 'SIGTERM', ends: 143 },
] as const)('$signal stops $command over cores, too', async ({ command, loss, signal, ends }) => {
  const child = start(files.folder, command, RING, '--until', '50', '--cores', '2', '--transport', 'unix', ...loss)
  const { code, out, err } = await disturbStart(child, () => child.kill(signal))
  expect({ code, out }).toEqual({ code: ends, out: '' })
  expect(err).toBe('antidrome: interrupted; nothing was left behind.\n')
})

test('verify listens where it is told to, for those spreads that listen', async () => {
  const argv = [
    'verify',
    RING,
    '--until',
    '20',
    '--cores',
    '2',
    '--transport',
    'thread,websocket',
    '--listen',
    '127.0.0.1:0',
    '--silence',
    '600000',
  ]
  const { code, out, err } = await runProcess(files.folder, ...argv, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(jsonLines(out).at(-1)).toMatchObject({ equal: true, placements: { length: 3 } })
})
