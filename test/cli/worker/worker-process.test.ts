import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../support/eventually.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../../support/nats-server.js'
import { isAlive } from '../../support/processes.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { joinedCommands } from './joined-commands.js'

const files = createWorkingFolder()
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

  const begun = joinedCommands(files, () => server.url)
  const { beginWorker, beginTraining } = begun
  afterEach(() => begun[Symbol.dispose]())

  test('tell people what happens on the standard error alone', async () => {
    const worker = begun.begin('worker', '--name', 'w', '--listen', '127.0.0.1', '--slots', '1')
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
})
