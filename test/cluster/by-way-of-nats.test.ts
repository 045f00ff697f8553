import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import { createTinyRun, digestOf, type TinyRun } from './tiny-run.js'

const BY_NATS = ['--transport', 'nats']

/** The last line of stderr. */
const errorIn = (err: string) => JSON.parse(err.trim().split('\n').at(-1) ?? '').error

describeWithMachines('workers that nobody can dial', () => {
  let machines: ManyMachines
  let runs: TinyRun
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 2 })
    runs = createTinyRun(machines)
    for (const number of [0, 1]) await machines.startWorker(number, { flags: ['--listen', 'none'] })
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

  test('lose a run by name when the server is gone for good', async () => {
    const run = runs.start('lost', 500, ...BY_NATS, '--silence', '2000')
    await run.says('"epoch":1,')
    await machines.server.kill()
    // It is started anew, for which workers are waited for, and none can be asked.
    await run.says('Starting all cores anew (restart 1 of 1000)')
    expect(run.said.err).toMatch(/Core \d.* (fell silent|can no longer be reached)/)
    run.child.kill('SIGINT')
    expect((await run.ended).code).toBe(130)
  })
})
