import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLong } from '../support/cases-of.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import { createTinyRun, digestOf, restartsOf, type TinyRun } from './tiny-run.js'

const EPOCHS = 60
/** In ms: how long each side listens to nothing before it gives the other up. */
const SILENCE = 2000

interface Parting {
  readonly what: 'server' | 'coordinator' | 'worker'
  /** In s. */
  readonly lasts: number
}

/** Within the silence, beyond it, and beyond what anybody waits for. */
const ALL = (['server', 'coordinator', 'worker'] as const).flatMap((what) =>
  [0.5, 3, 30].map((lasts): Parting => ({ what, lasts })),
)

describeWithMachines('a training whose machines are parted', () => {
  let machines: ManyMachines
  let tiny: TinyRun
  let expected: string
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 3 })
    tiny = createTinyRun(machines)
    await Promise.all([0, 1, 2].map((number) => machines.startWorker(number)))
    expected = await tiny.digest(EPOCHS)
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  test.each(isLong() ? ALL : [{ what: 'worker', lasts: 3 } as const])(
    'for $lasts s from the $what comes to what one process does',
    async (parting) => {
      const { what, lasts } = parting
      const { server, coordinator, workers } = machines.places
      const training = tiny.start(`parted-${what}-${lasts}`, EPOCHS, '--silence', String(SILENCE))
      await training.says('"epoch":5,')
      const [first] = workers as readonly [(typeof workers)[0]]
      const place = { server, coordinator, worker: first }[what]
      place?.cut()
      await setTimeout(1000 * lasts)
      place?.mend()
      const outcome = await training.ended
      expect(digestOf(outcome)).toBe(expected)
      if (what === 'server') expect(restartsOf(outcome)).toBe(0)
      else if (1000 * lasts > SILENCE) expect(outcome.err).toMatch(/fell silent|was silent for 2000 ms/)
    },
  )
})
