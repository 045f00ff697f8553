import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../support/eventually.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../../support/nats-server.js'
import { createWorkingFolder, run } from '../run-in-process.js'
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
})
