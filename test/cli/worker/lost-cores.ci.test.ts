import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../../src/cli/run-command.js'
import { eventually } from '../../support/eventually.js'
import { inTurn } from '../../support/in-turn.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../../support/nats-server.js'
import { GROUP_INPUT, groupOf200, RING_INPUT, ringFile } from '../cut-networks.js'
import { createWorkingFolder, jsonLines, type Outcome, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'
import { type BegunCommand, joinedCommands } from './joined-commands.js'

/** Small, as every process makes it; still of enough blocks for three cores. */
const BALANCED = ['balanced', '--neurons', '200', '--in-degree', '20']

describeWithNats('on workers', () => {
  const files = createWorkingFolder()
  let server: NatsServer
  const begun = joinedCommands(files, () => server.url)
  let worker: BegunCommand
  /** Called at every line of the worker's log. */
  let onLine: () => void = () => undefined
  beforeAll(async () => {
    server = await startNatsServer()
    worker = await begun.beginWorker('west')
    worker.child.stdout.on('data', () => onLine())
  })
  afterAll(async () => {
    begun[Symbol.dispose]()
    await server[Symbol.asyncDispose]()
    files[Symbol.dispose]()
  })
  /** Process ids, in the order in which processes were engaged or have ended. */
  const pids = (event: 'engaged' | 'ended') => worker.events(event).map(({ pid }) => Number(pid))

  const cores = () => ['--cores', '2', '--join', server.url]

  /** Runs a command in this process; `hear` is called with all that it says. */
  async function listening(argv: readonly string[], hear: (outcome: Omit<Outcome, 'code'>) => void): Promise<Outcome> {
    const said = { out: '', err: '' }
    const take = (stream: 'out' | 'err') => (text: string) => {
      said[stream] += text
      hear(said)
    }
    const code = await runCommand(argv, { out: take('out'), err: take('err'), screen: null })
    return { code, ...said }
  }

  /** Everything that was engaged has ended. */
  const isIdle = () => pids('engaged').every((pid) => pids('ended').includes(pid))

  test('a simulation that is printed loses a core and goes on', async () => {
    const argv = ['simulate', ...BALANCED, '--until', '1000000', '--metrics', '--json', ...cores()]
    let [isKilled, isStopped] = [false, false]
    const ended = await listening(argv, ({ out, err }) => {
      if (err.includes('Restarting all cores (restart 1 of 3).') && !isStopped) {
        isStopped = true
        process.emit('SIGINT', 'SIGINT')
      } else if (out.includes('"core":1') && !isKilled) {
        isKilled = true
        process.kill(pids('engaged').at(-1) as number, 'SIGKILL')
      }
    })
    expect(ended.code).toBe(130)
    await eventually(isIdle)
  })

  const ring = [files.write('ring.json', ringFile()), '--until', '80', '--input', files.write('in.json', RING_INPUT)]
  const wide = [files.write('wide.json', groupOf200()), '--until', '30', '--input', files.write('w.json', GROUP_INPUT)]
  const loss = files.write('spikes-of-wide.json', { kind: 'spikeCount', group: 'wide', label: 3 })

  const commands = [
    { name: 'verify', argv: ring },
    { name: 'gradient', argv: [...wide, '--loss', loss] },
    { name: 'simulate', argv: ring },
  ]
  test.each(inTurn(commands, 0))(
    '$name goes on with the same bits when a process dies at its start',
    async ({ name, argv }) => {
      const before = pids('engaged').length
      let isKilled = false
      onLine = () => {
        const [, victim] = pids('engaged').slice(before)
        if (victim === undefined || isKilled) return
        isKilled = true
        process.kill(victim, 'SIGKILL')
      }
      const there = await run(name, ...argv, ...cores(), '--json')
      onLine = () => undefined
      expect(there).toMatchObject({ code: 0, err: expect.stringMatching(/passed over: .* died|restart 1 of 3/) })
      if (name === 'verify') expect(jsonLines(there.out).at(-1)).toMatchObject({ equal: true })
      else expect(there.out).toBe((await run(name, ...argv, '--json')).out)
      await eventually(isIdle)
    },
  )

  test('one whose ports are shut costs no restart, and is named where it is missed', async () => {
    const shut = await begun.beginWorker('shut', '--advertise', '127.0.0.1:1')
    const argv = ['simulate', ...BALANCED, '--until', '1', '--restarts', '0', '--join', server.url]
    const well = await run(...argv, '--cores', '2')
    expect(well.code).toBe(0)
    const missed = await run(...argv, '--cores', '3')
    expect(missed).toMatchObject({
      code: 1,
      err: expect.stringMatching(/shut on .*127\.0\.0\.1:1.*WORKERS_UNREACHABLE/s),
    })
    shut.child.kill('SIGKILL')
    await eventually(isIdle)
  })

  const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const PHASES = ['start', 'run', 'restart', 'start of the restart'] as const
  const SIGNALS = Object.keys(CODES) as readonly (keyof typeof CODES)[]
  /** Every phase, with the signals in turn; the long run has all pairs. */
  const cases = PHASES.flatMap((phase, k) => inTurn(SIGNALS, k).map((signal) => ({ signal, phase })))

  test.each(cases)('$signal in the $phase is what a run ends with', async ({ signal, phase }) => {
    const before = pids('engaged').length
    const engaged = () => pids('engaged').length - before
    let [isStopped, isKilled] = [false, false]
    let said = { out: '', err: '' }
    const look = () => {
      const isOn = {
        start: engaged() > 0,
        run: said.out.includes('"epoch":1,'),
        restart: said.err.includes('Restarting all cores'),
        'start of the restart': engaged() > 2,
      }
      if (isOn[phase] && !isStopped) {
        isStopped = true
        process.emit(signal, signal)
      } else if (isOn.run && !isKilled && phase !== 'run') {
        isKilled = true
        process.kill(pids('engaged').at(-1) as number, 'SIGKILL')
      }
    }
    onLine = look
    const preset = files.write('tiny.json', TINY_PRESET)
    const training = ['train', 'temporal-patterns', '--preset', preset, '--epochs', '1000000', '--overwrite', '--json']
    const ended = await listening([...training, '--name', 'stopped', ...cores()], (now) => {
      said = { ...now }
      look()
    })
    onLine = () => undefined
    expect(ended).toMatchObject({ code: CODES[signal], err: expect.stringMatching(/"code":"INTERRUPTED"/) })
    await eventually(isIdle)
  })
})
