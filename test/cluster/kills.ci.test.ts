import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandomStream } from '../../src/numerics/random-stream.js'
import { casesOf } from '../support/cases-of.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { inTurn } from '../support/in-turn.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import { testWhenLong } from '../support/test-when-long.js'
import { createTinyRun, digestOf, restartsOf, type TinyRun } from './tiny-run.js'

const EPOCHS = 60
/** Links by way of the server have to notice an end by themselves. */
const WAYS = [
  { way: 'from machine to machine', name: 'killed', kills: casesOf({ short: 2, long: 15 }), flags: [] },
  {
    way: 'by way of the server',
    name: 'killed-by-nats',
    kills: 15,
    flags: ['--transport', 'nats'],
  },
]
/** In ms: within the training, or in the middle of the next start. */
const LONGEST_PAUSE = 400

/** It holds a core at the moment, as far as it has said. */
const computes = ({ said: { err } }: RunningCommand) => err.lastIndexOf(' holds core') > err.lastIndexOf(' is free')

/** Two workers compute, one is free. */
describeWithMachines('a training on workers comes to what one process does', () => {
  let machines: ManyMachines
  let tiny: TinyRun
  let expected: string
  const workers: RunningCommand[] = []
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 3 })
    tiny = createTinyRun(machines)
    workers.push(...(await Promise.all([0, 1, 2].map((number) => machines.startWorker(number)))))
    expected = await tiny.digest(EPOCHS)
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  /** Starts a worker anew as soon as it has died, as a service manager does. */
  async function kill(number: number): Promise<void> {
    const worker = workers[number] as RunningCommand
    worker.child.kill('SIGKILL')
    await worker.ended
    workers[number] = await machines.startWorker(number)
  }

  test.each(inTurn(WAYS, 0))(
    'when workers are killed at random moments, with links $way',
    async ({ name, kills, flags }) => {
      const random = createRandomStream(7, 'kills')
      const training = tiny.start(name, EPOCHS, ...flags)
      await training.says('"epoch":3,')
      await kill(workers.findIndex(computes))
      for (let blow = 1; blow < kills; blow++) {
        await Promise.race([training.says(`"epoch":${10 * (blow % 5) + 1},`), setTimeout(1000)])
        await setTimeout(LONGEST_PAUSE * random.uniform(2 * blow))
        await kill(random.integer(2 * blow + 1, workers.length))
      }
      const outcome = await training.ended
      expect(digestOf(outcome)).toBe(expected)
      expect(restartsOf(outcome)).toBeGreaterThan(0)
    },
  )

  testWhenLong('when the process of a core is killed, and its worker lives', async () => {
    const training = tiny.start('cores', EPOCHS)
    await training.says('"epoch":5,')
    const [, pid] = /.*process (\d+)\.\n/s.exec(workers.find(computes)?.said.err ?? '') ?? []
    process.kill(Number(pid), 'SIGKILL')
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(expected)
    expect(outcome.err).toMatch(/Core \d,? .*died: signal SIGKILL/)
    expect(outcome.err).toContain('(restart 1 of 1000)')
  })

  test('when the server is started anew meanwhile', async () => {
    const training = tiny.start('restarted', EPOCHS)
    await training.says('"epoch":5,')
    await machines.server.restart()
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(expected)
    expect(restartsOf(outcome)).toBe(0)
    await Promise.all(workers.map((worker) => worker.says('again')))
  })

  testWhenLong('when a worker is killed while there is no server, which comes back', async () => {
    const training = tiny.start('both', EPOCHS)
    await training.says('"epoch":5,')
    await machines.server.kill()
    workers.find(computes)?.child.kill('SIGKILL')
    await training.says('Restarting all cores')
    await machines.server.start()
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(expected)
    expect(restartsOf(outcome)).toBe(1)
  })

  testWhenLong('when the server is killed for good', async () => {
    const training = tiny.start('serverless', EPOCHS)
    await training.says('"epoch":5,')
    await machines.server.kill()
    expect(digestOf(await training.ended)).toBe(expected)
  })
})

/** Of four workers, each with one core of one replica, one is left in the end. */
const GRIDS = [
  { replicas: 4, cores: 1 },
  { replicas: 2, cores: 2 },
]

describeWithMachines('a training on replicas comes to what one process does', () => {
  test.each(GRIDS)('when workers are lost for good: $replicas replicas, --cores $cores', async (grid) => {
    await using machines = await openManyMachines({ workers: 4 })
    const tiny = createTinyRun(machines, grid)
    const workers = await Promise.all([0, 1, 2, 3].map((number) => machines.startWorker(number)))
    const training = tiny.start('lost', EPOCHS)
    await training.says('"epoch":5,')
    const [survivor, ...lost] = workers
    for (const [k, { child }] of lost.entries()) {
      child.kill('SIGKILL')
      await training.says(`(restart ${k + 1} of 1000)`)
      const epochs = training.said.out.match(/"epoch":/g)?.length ?? 0
      await training.says(`"epoch":${epochs + 2},`)
    }
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(await tiny.digest(EPOCHS))
    expect(survivor?.said.err).toContain('holds cores 0, 1, 2, 3')
  })
})
