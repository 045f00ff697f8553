import { afterEach, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import type { Trials } from '../../../src/learning/session.js'
import { expectSameBits } from '../../support/same-bits.js'
import { watchAll } from '../../support/watch-all.js'
import { built, childrenOf, placement } from '../built-cluster.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { ADAM, COUNT, LABELS, step } from '../small-networks.js'

const LABELLED = { ...TRIALS, labels: LABELS }
const STEP = step({ optimizer: ADAM, rates: { weights: 0.01, delays: 0.1 }, bounds: { delays: [0, 10] } })

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

const firstTrial = ({ until, inputs }: Trials) => ({
  until,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([name, { offsets, times, units }]) => {
      const end = offsets[1]!
      return [name, { offsets: Uint32Array.of(0, end), times: times.slice(0, end), units: units.slice(0, end) }]
    }),
  ),
})

/** A training, a gradient and a stream; a partition is killed in the midst of each where somebody can. */
async function courseOf(session: StreamingSession, kill: (core: number) => void) {
  const seen = watchAll(session)
  for (let k = 0; k < 8; k++) {
    const [ahead, next] = [session.train(LABELLED, STEP), (session.trainAhead ?? session.train)(LABELLED, STEP)]
    if (k === 3) kill(1)
    // A step that was not taken was not shown, either.
    await Promise.all([ahead, next.catch(() => session.train(LABELLED, STEP))])
  }
  const going = session.gradient(TRIALS, COUNT, LABELS)
  kill(0)
  await going
  let segments = 0
  for await (const _ of session.stream({ ...firstTrial(TRIALS), segment: TRIALS.until / 8 }))
    if (++segments === 4) kill(1)
  return seen
}

test('what is done once more after a restart is not shown once more', async () => {
  await using alone = await open(NETWORK, { seed: 7 })
  const expected = await courseOf(alone, () => undefined)
  let restarts = 0
  const onRestart = () => void restarts++
  const options = { seed: 7, transport: 'websocket', restarts: 9, silence: 600_000, onRestart } as const
  await using session = await built.openCluster(NETWORK, placement(2), options)
  const seen = await courseOf(session, (core) => process.kill(session.workers[core]!.id, 'SIGKILL'))
  expectSameBits(seen, expected)
  expect(restarts).toBe(3)
  expect(seen.spikes.filter(({ doing }) => doing === 'train').length).toBeGreaterThan(30)
})

test('who watches a session that is lost learns that there is nothing more', async () => {
  const session = await built.openCluster(NETWORK, placement(2), { seed: 7, transport: 'websocket', silence: 600_000 })
  const runs: number[] = []
  const iterating = (async () => {
    for await (const { run } of session.spikes$('hidden')) runs.push(run)
  })()
  await session.train(LABELLED, STEP)
  process.kill(session.workers[1]!.id, 'SIGKILL')
  await expect(session.train(LABELLED, STEP)).rejects.toThrow(expect.objectContaining({ code: 'CORE_DIED' }))
  await iterating
  expect(runs).toEqual([1])
  await session.close()
})

test('a session over threads shows what it runs, and ends', async () => {
  const session = await built.openCluster(NETWORK, placement(2), { seed: 7, transport: 'thread' })
  const told: string[] = []
  session.spikes$('hidden').subscribe({
    next: ({ times }) => void told.push(times.length > 0 ? 'spikes' : 'nothing'),
    complete: () => void told.push('the end'),
  })
  await session.train(LABELLED, STEP)
  await session.close()
  expect(told).toEqual(['spikes', 'the end'])
})
