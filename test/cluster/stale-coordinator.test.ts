import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLong } from '../support/cases-of.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../support/many-machines.js'
import type { Machine } from '../support/namespaces.js'
import { createTinyRun, digestOf, type TinyRun } from './tiny-run.js'

const MAKE_BUCKET = fileURLToPath(new URL('./make-bucket.mjs', import.meta.url))
const EPOCHS = 80
/** In ms; what stands still for so long is left, which is less than the time of a lease. */
const SILENCE = '2000'

describeWithMachines('a coordinator that stood still while another one took its run over', () => {
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

  test.each(isLong() ? meanwhiles : meanwhiles.slice(0, 1))(
    'ends by name when it goes on, and disturbs nobody, when $meanwhile',
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
      expect(led.err).toMatch(/goes on from object:kept\/run-/)
      expect(led.out).not.toContain('"epoch":1,')
    },
  )
})
