import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonLines } from '../cli/run-in-process.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { inTurn } from '../support/in-turn.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import { createTinyRun, digestOf, restartsOf, type TinyRun } from './tiny-run.js'

const MAKE_BUCKET = fileURLToPath(new URL('./make-bucket.mjs', import.meta.url))
const EPOCHS = 40
/** In hours. */
const [FAST, SLOW] = [5, -30]

describeWithMachines('machines whose clocks are hours off', () => {
  let machines: ManyMachines
  let tiny: TinyRun
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 2 })
    tiny = createTinyRun(machines)
    await Promise.all([machines.startWorker(0, { clock: FAST }), machines.startWorker(1)])
    const made = await machines.script(MAKE_BUCKET, [machines.server.url, machines.authorities, 'kept']).ended
    expect(made).toMatchObject({ code: 0, err: '' })
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  test('train and go on to the bits of one process, with leases and checkpoints', async () => {
    const flags = ['--checkpoint', 'object:kept/run', '--checkpoint-every', '4']
    const begun = tiny.startSkewed(SLOW, 'begun', EPOCHS, ...flags)
    await begun.says('"epoch":9,')
    begun.child.kill('SIGINT')
    // It may have been over before.
    expect([0, 130]).toContain((await begun.ended).code)
    const outcome = await tiny.startSkewed(-SLOW, 'gone-on', EPOCHS, ...flags, '--resume').ended
    expect(digestOf(outcome)).toBe(await tiny.digest(EPOCHS))
    expect(outcome.err).toContain('continues from object:kept/run/')
    expect(restartsOf(outcome)).toBe(0)
  })

  const doctors = [
    { clock: SLOW, wrong: ['clock of the server', 'clock of worker w0', 'clock of worker w1'] },
    { clock: 0, wrong: ['clock of worker w0'] },
  ]

  test.each(inTurn(doctors, 0))('are named by doctor, whose own is wrong by $clock h', async ({ clock, wrong }) => {
    const argv = ['doctor', ...machines.joining, '--checkpoint', 'object:kept', '--json']
    const { code, out } = await machines.command(argv, machines.places.coordinator, clock).ended
    const failed = jsonLines(out).filter(({ ok, check }) => ok === false && /^clock/.test(String(check)))
    expect({ code, failed: failed.map(({ check }) => check).sort() }).toEqual({ code: 1, failed: wrong })
    for (const { found, remedy } of failed) {
      expect(found).toMatch(/\d/)
      expect(remedy).toEqual(expect.any(String))
    }
  })
})
