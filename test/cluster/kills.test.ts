import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandomStream } from '../../src/numerics/random-stream.js'
import { casesOf } from '../support/cases-of.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import { createTinyRun, digestOf, restartsOf, type TinyRun } from './tiny-run.js'

const EPOCHS = 60
const KILLS = casesOf({ short: 5, long: 15 })
/** In ms: within the training, or in the middle of the next start. */
const LONGEST_PAUSE = 400

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

  test('when workers are killed at random moments', async () => {
    const random = createRandomStream(7, 'kills')
    const training = tiny.start('killed', EPOCHS)
    for (let blow = 0; blow < KILLS; blow++) {
      await Promise.race([training.says(`"epoch":${10 * (blow % 5) + 1},`), setTimeout(1000)])
      await setTimeout(LONGEST_PAUSE * random.uniform(2 * blow))
      await kill(random.integer(2 * blow + 1, workers.length))
    }
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(expected)
    expect(restartsOf(outcome)).toBeGreaterThan(0)
  })

  test('when the process of a core is killed, and its worker lives', async () => {
    const training = tiny.start('cores', EPOCHS)
    await training.says('"epoch":5,')
    const [pid] = workers.flatMap(({ said }) => said.err.match(/holds core 0 of .*process (\d+)\.\n$/)?.slice(1) ?? [])
    process.kill(Number(pid), 'SIGKILL')
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(expected)
    expect(outcome.err).toContain('Core 0 died: signal SIGKILL')
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

  test('when a worker is killed while there is no server, which comes back', async () => {
    const training = tiny.start('both', EPOCHS)
    await training.says('"epoch":5,')
    await machines.server.kill()
    const [worker] = workers.filter(({ said }) => said.err.match(/holds core 0 [^\n]*\n([^\n]*lost[^\n]*\n)?$/))
    worker?.child.kill('SIGKILL')
    await training.says('Starting all cores anew')
    await machines.server.start()
    const outcome = await training.ended
    expect(digestOf(outcome)).toBe(expected)
    expect(restartsOf(outcome)).toBe(1)
  })

  test('when the server is killed for good', async () => {
    const training = tiny.start('serverless', EPOCHS)
    await training.says('"epoch":5,')
    await machines.server.kill()
    expect(digestOf(await training.ended)).toBe(expected)
  })
})
