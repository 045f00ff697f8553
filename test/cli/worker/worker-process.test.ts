import { chmodSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../../support/certificates.js'
import { eventually } from '../../support/eventually.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../../support/nats-server.js'
import { isAlive } from '../../support/processes.js'
import { createFiles, jsonLines, run } from '../run-in-process.js'
import { type CommandProcess, finish, runProcess, start } from '../run-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

test('a worker that is told of no server is refused', async () => {
  for (const command of ['worker', 'workers']) {
    const { code, out, err } = await run(command)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(
      /^antidrome: --join: found nothing, expected the URL of a NATS server\. Give --join .*\[FLAG_MISSING\]\n$/,
    )
  }
  for (const flag of ['--data', '--modules'])
    expect((await run('worker', '--join', 'nats://127.0.0.1:1', flag, `${files.folder}/gone`)).err).toMatch(
      new RegExp(`${flag}: found`),
    )
})

describeWithNats('workers at a server', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await startNatsServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const started: CommandProcess[] = []
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL')
  })

  /** A command of which what it has written so far can be read. */
  function begin(...argv: readonly string[]) {
    const child = start(files.folder, ...argv, '--join', server.url)
    started.push(child)
    const written = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      written.err += text
    })
    const lines = () => jsonLines(written.out.slice(0, written.out.lastIndexOf('\n') + 1))
    const events = (event: string) => lines().filter((line) => line.event === event)
    return { child, written, events, ended: finish(child) }
  }

  async function beginWorker(name: string, ...flags: readonly string[]) {
    const worker = begin('worker', '--json', '--name', name, '--slots', '2', '--listen', '127.0.0.1', ...flags)
    await eventually(() => worker.events('ready').length > 0)
    return worker
  }

  /** A training without end, on the workers there are. */
  function beginTraining(name: string) {
    const preset = files.write('tiny.json', TINY_PRESET)
    const task = ['temporal-patterns', '--preset', preset, '--epochs', '1000000', '--name', name]
    return begin('train', ...task, '--json', '--cores', '2', '--restarts', '0', '--wait', '1000000')
  }

  test('are listed, or there are none', async () => {
    expect(await run('workers', '--join', server.url)).toEqual({ code: 0, out: 'There are no workers.\n', err: '' })
    expect(await run('workers', '--join', server.url, '--json')).toEqual({ code: 0, out: '', err: '' })
    const b = await beginWorker('b')
    const a = await beginWorker('a')
    const table = await run('workers', '--join', server.url)
    expect(table).toMatchObject({ code: 0, err: '' })
    const [header, ...rows] = table.out.trimEnd().split('\n')
    expect(header).toMatch(/worker +machine +free +runs +load +memory +version +up/)
    const names = rows.map((row) => row.match(/^\W*(\w+) /)?.[1]).filter((name) => name === 'a' || name === 'b')
    expect(names).toEqual(['a', 'b'])
    const { out } = await run('workers', '--join', server.url, '--json')
    expect(jsonLines(out)).toMatchObject(
      ['a', 'b'].map((name) => ({ name, slots: 2, free: 2, taken: [], isLeaving: false, isAlike: true })),
    )
    expect(out).not.toContain('sealKey')
    for (const { child } of [a, b]) child.kill('SIGTERM')
    for (const { ended } of [a, b]) expect((await ended).code).toBe(0)
  })

  test('that are idle end with 0 when they are told to', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, ended, written } = await beginWorker('idle')
      child.kill(signal)
      const { code } = await ended
      expect({ code, err: written.err }).toEqual({ code: 0, err: '' })
      expect(jsonLines(written.out).map(({ event }) => event)).toEqual(['ready', 'leaving'])
    }
  })

  test('tell people what happens on the standard error alone', async () => {
    const worker = begin('worker', '--name', 'w', '--listen', '127.0.0.1', '--slots', '1')
    await eventually(() => worker.written.err.includes('\n'))
    worker.child.kill('SIGTERM')
    const { code } = await worker.ended
    expect({ code, out: worker.written.out }).toEqual({ code: 0, out: '' })
    expect(worker.written.err).toMatch(
      /^antidrome: worker w waits for runs at \S+, 1 slot, links at 127\.0\.0\.1\.\nantidrome: leaves when /,
    )
  })

  test('that hold a run leave when it is over, and say which', async () => {
    const worker = await beginWorker('busy')
    const training = beginTraining('busy')
    await eventually(() => worker.events('engaged').length === 2)
    worker.child.kill('SIGTERM')
    await eventually(() => worker.events('leaving').length > 0)
    const { out } = await run('workers', '--join', server.url, '--json')
    expect(jsonLines(out)).toMatchObject([{ name: 'busy', free: 0, isLeaving: true, taken: [{}, {}] }])
    expect(worker.child.exitCode).toBeNull()
    training.child.kill('SIGINT')
    expect((await training.ended).code).toBe(130)
    expect((await worker.ended).code).toBe(0)
    expect(worker.written.err).toBe('')
    const held = worker.events('engaged')
    for (const line of [...held, ...worker.events('ended')])
      expect(line).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        level: expect.stringMatching(/^(info|warn)$/),
        worker: 'busy',
        run: expect.any(String),
        epoch: 0,
        start: expect.any(Number),
        cores: [expect.any(Number)],
        pid: expect.any(Number),
      })
    expect(held.map(({ cores }) => (cores as number[])[0]).sort()).toEqual([0, 1])
    for (const { pid } of held) expect(isAlive(pid as number)).toBe(false)
  })

  test('that are told twice end at once, and leave no process, not even one that has stopped', async () => {
    const worker = await beginWorker('twice')
    const training = beginTraining('twice')
    // Before that its coordinator would wait for other workers.
    await eventually(() => training.written.out.includes('"epoch":1,'))
    const pids = worker.events('engaged').map(({ pid }) => pid as number)
    process.kill(pids[0] as number, 'SIGSTOP')
    worker.child.kill('SIGTERM')
    await eventually(() => worker.events('leaving').length > 0)
    // What comes a moment later may be the echo of a terminal.
    await eventually(() => worker.child.exitCode !== null || !worker.child.kill('SIGTERM'))
    expect((await worker.ended).code).toBe(143)
    await eventually(() => pids.every((pid) => !isAlive(pid)))
    const { code } = await training.ended
    expect(code).toBe(1)
    expect(training.written.err).toMatch(/on worker twice \(|WORKERS_TOO_FEW|CORE_/)
  })

  test('are refused where they could not listen, or would show a certificate that nobody trusts', async () => {
    const nowhere = await begin('worker', '--json', '--listen', '192.0.2.1').ended
    expect({ ...nowhere, err: jsonLines(nowhere.err) }).toMatchObject({
      code: 2,
      err: [{ error: { code: 'HOST_UNKNOWN', field: '--listen' } }],
    })
    const { cert, key } = createAuthority().issue({ hosts: ['127.0.0.1'], years: { from: 2019, to: 2020 } })
    const shown = ['--tls-cert', files.write('old.pem', cert), '--tls-key', files.write('old.key', key)]
    chmodSync(shown[3]!, 0o600)
    const old = await begin('worker', '--json', '--listen', '127.0.0.1', ...shown).ended
    expect({ ...old, err: jsonLines(old.err) }).toMatchObject({
      code: 2,
      err: [{ error: { code: 'FLAG_VALUE', field: '--tls-cert', found: expect.stringContaining('2020') } }],
    })
  })

  test('serve run after run', async () => {
    const worker = await beginWorker('steady')
    const file = files.write('tiny.json', TINY_PRESET)
    const digests: unknown[] = []
    for (const [name, ...flags] of [
      ['alone'],
      ['one', '--cores', '2', '--join', server.url],
      ['two', '--cores', '2', '--join', server.url],
    ] as const) {
      const argv = ['train', 'temporal-patterns', '--preset', file, '--name', name, '--json', ...flags]
      const { code, out, err } = await runProcess(files.folder, ...argv)
      expect(code, err).toBe(0)
      digests.push(jsonLines(out).at(-1)?.digest)
    }
    expect(new Set(digests).size).toBe(1)
    await eventually(() => worker.events('ended').length === 4)
    expect(worker.events('ended').map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
    worker.child.kill('SIGTERM')
    expect((await worker.ended).code).toBe(0)
  })
})
