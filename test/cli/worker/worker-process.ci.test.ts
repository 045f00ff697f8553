import { chmodSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../../support/certificates.js'
import { eventually } from '../../support/eventually.js'
import { inTurn } from '../../support/in-turn.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../../support/nats-server.js'
import { isAlive } from '../../support/processes.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'
import { joinedCommands } from './joined-commands.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

describeWithNats('workers at a server', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await startNatsServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const begun = joinedCommands(files, () => server.url)
  const { beginWorker, beginTraining } = begun
  afterEach(() => begun[Symbol.dispose]())

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
    for (const signal of inTurn(['SIGTERM', 'SIGINT'] as const, 0)) {
      const { child, ended, written } = await beginWorker('idle')
      child.kill(signal)
      const { code } = await ended
      expect({ code, err: written.err }).toEqual({ code: 0, err: '' })
      expect(jsonLines(written.out).map(({ event }) => event)).toEqual(['ready', 'leaving'])
    }
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
    const nowhere = await begun.begin('worker', '--json', '--listen', '192.0.2.1').ended
    expect({ ...nowhere, err: jsonLines(nowhere.err) }).toMatchObject({
      code: 2,
      err: [{ error: { code: 'HOST_UNKNOWN', field: '--listen' } }],
    })
    const { cert, key } = createAuthority().issue({ hosts: ['127.0.0.1'], years: { from: 2019, to: 2020 } })
    const shown = ['--tls-cert', files.write('old.pem', cert), '--tls-key', files.write('old.key', key)]
    chmodSync(shown[3]!, 0o600)
    const old = await begun.begin('worker', '--json', '--listen', '127.0.0.1', ...shown).ended
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
      const { code, out, err } = await run(...argv)
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
