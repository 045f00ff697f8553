import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { inTurn } from '../support/in-turn.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import type { Machine } from '../support/namespaces.js'
import { testWhenLong } from '../support/test-when-long.js'
import { createTinyRun, digestOf, type TinyRun } from './tiny-run.js'

const MAKE_BUCKET = fileURLToPath(new URL('./make-bucket.mjs', import.meta.url))
const EPOCHS = 80
/** In ms; what stands still for so long is left, which is less than the time of a lease. */
const SILENCE = '2000'

describeWithMachines('a coordinator', () => {
  let machines: ManyMachines
  let tiny: TinyRun
  let expected: string
  const workers: RunningCommand[] = []
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 3 })
    tiny = createTinyRun(machines)
    workers.push(await machines.startWorker(0), await machines.startWorker(1))
    const made = await machines.script(MAKE_BUCKET, [machines.server.url, machines.authorities, 'kept']).ended
    expect(made).toMatchObject({ code: 0, err: '' })
    expected = await tiny.digest(EPOCHS)
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  const meanwhiles = [
    { meanwhile: 'a worker has forgotten everything', isForgotten: true },
    { meanwhile: 'nothing else has happened', isForgotten: false },
  ]

  test.each(inTurn(meanwhiles, 0))(
    'that stood still while another one took its run over ends by name and disturbs nobody, when $meanwhile',
    async ({ isForgotten }) => {
      const place = `object:kept/run-${isForgotten}`
      const flags = ['--checkpoint', place, '--checkpoint-every', '4', '--silence', SILENCE]
      const stale = tiny.start(`run-${isForgotten}`, EPOCHS, ...flags)
      await stale.says('"epoch":9,')
      stale.child.kill('SIGSTOP')

      const elsewhere = machines.places.workers[2] as Machine
      const fresh = tiny.startAt(elsewhere, `run-${isForgotten}`, EPOCHS, ...flags, '--resume')
      await fresh.says('"epoch":12,')
      if (isForgotten) {
        workers[0]?.child.kill('SIGKILL')
        await workers[0]?.ended
        workers[0] = await machines.startWorker(0)
      }
      stale.child.kill('SIGCONT')
      const [left, led] = await Promise.all([stale.ended, fresh.ended])
      expect(left).toMatchObject({ code: 1, err: expect.stringMatching(/"code":"LEASE_LOST"/) })
      expect(digestOf(led)).toBe(expected)
      expect(led.err).toMatch(/continues from object:kept\/run-/)
      expect(led.out).not.toContain('"epoch":1,')
    },
  )

  testWhenLong('shares the workers with others that run at the same time, and its checkpoints with none', async () => {
    await machines.startWorker(2, { slots: 4 })
    const { server, coordinator, workers: others } = machines.places
    const kept = ['--checkpoint', 'object:kept/both']
    const [one, two, unkept] = await Promise.all([
      tiny.startAt(coordinator, 'both', EPOCHS, ...kept).ended,
      tiny.startAt(others[2] as Machine, 'both', EPOCHS, ...kept).ended,
      tiny.startAt(server, 'both', EPOCHS).ended,
    ])
    expect(digestOf(unkept)).toBe(expected)
    const [first = one, second] = [one, two].sort((a, b) => a.code - b.code)
    expect(digestOf(first)).toBe(expected)
    // Which of both depends on whether the first has ended before the second one begins.
    expect(second).toMatchObject({ code: 2, err: expect.stringMatching(/"code":"(LEASE_HELD|CHECKPOINTS_EXIST)"/) })
  })
})
