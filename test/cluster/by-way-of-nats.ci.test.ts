import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { eventually } from '../support/eventually.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import { childrenOf } from '../support/processes.js'
import { testWhenLong } from '../support/test-when-long.js'
import { createTinyRun, digestOf, restartsOf, type TinyRun } from './tiny-run.js'

const FLOOD = fileURLToPath(new URL('./flood.mjs', import.meta.url))
const BY_NATS = ['--transport', 'nats']

/** The last line of stderr. */
const errorIn = (err: string) => JSON.parse(err.trim().split('\n').at(-1) ?? '').error

describeWithMachines('workers that nobody can dial', () => {
  let machines: ManyMachines
  let runs: TinyRun
  let workers: readonly RunningCommand[]
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 2, config: 'max_pending: 8388608' })
    runs = createTinyRun(machines)
    workers = await Promise.all([0, 1].map((number) => machines.startWorker(number, { flags: ['--listen', 'none'] })))
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  test('train by way of the server, with the bits of one process', async () => {
    const digest = await runs.digest(2)
    expect(digestOf(await runs.start('by-nats', 2, ...BY_NATS).ended)).toBe(digest)
  })

  test('are no use to a run that would dial them, and are named', async () => {
    const { code, err } = await runs.start('dialled', 1).ended
    expect({ code, error: errorIn(err) }).toMatchObject({
      code: 1,
      error: { code: 'WORKERS_TOO_FEW', message: expect.stringContaining('cannot be dialled') },
    })
  })

  testWhenLong('are cut off by the server when they read too slowly, and the run ends with the same bits', async () => {
    const [epochs, name] = [100, 'w0']
    const digest = await runs.digest(epochs)
    const flood = machines.script(FLOOD, [machines.server.url, machines.authorities, name])
    await flood.says('listens')
    const run = runs.start('flooded', epochs, ...BY_NATS, '--silence', '60000')
    await Promise.all([flood.says('knows its target'), run.says('"epoch":1,')])
    const stopped = childrenOf(workers[0]?.child.pid ?? -1)
    expect(stopped.length).toBe(1)
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    flood.child.kill('SIGUSR2')
    await eventually(() => readFileSync(join(machines.server.folder, 'log'), 'utf8').includes('Slow Consumer'))
    flood.child.kill('SIGKILL')
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    const outcome = await run.ended
    expect(digestOf(outcome)).toBe(digest)
    expect(restartsOf(outcome)).toBe(1)
    expect(outcome.err).toMatch(/Core \d/)
  })

  test('lose a run by name when the server is gone for good', async () => {
    const run = runs.start('lost', 500, ...BY_NATS, '--silence', '2000')
    await run.says('"epoch":1,')
    await machines.server.kill()
    // It is started anew, for which workers are waited for, and none can be asked.
    await run.says('Restarting all cores (restart 1 of 1000)')
    expect(run.said.err).toMatch(/Core \d.* (fell silent|can no longer be reached)/)
    run.child.kill('SIGINT')
    expect((await run.ended).code).toBe(130)
  })
})
