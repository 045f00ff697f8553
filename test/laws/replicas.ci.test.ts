import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Restart } from '../../src/actors/cluster-session.js'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { built } from '../actors/built-cluster.js'
import { NOISY_TRIALS, noisyLayers } from '../actors/noisy-networks.js'
import { step } from '../actors/small-networks.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { dealtCase } from '../support/dealt-case.js'
import { failureOf } from '../support/failure-of.js'
import { repeatTrains } from '../support/repeat-trains.js'
import { expectSameBits } from '../support/same-bits.js'

const TRANSPORTS = ['thread', 'websocket', 'unix'] as const

test('replicas over any transport, on any number of processes, have the bits of one process', async () => {
  const numRuns = casesOf({ short: 6, long: 42 })
  const seen = { cases: 0, shared: 0 }
  const drawn = fc.tuple(dealtCase, fc.integer({ min: 1, max: 4 }))
  await fc.assert(
    fc.asyncProperty(drawn, async ([{ network, seed, placement, replicas, trials }, many]) => {
      const transport = TRANSPORTS[seen.cases++ % TRANSPORTS.length]!
      const processes = Math.min(many, replicas * placement.cores.length)
      const cluster = await built.openCluster(network, placement, { seed, replicas, transport, processes })
      const close = async () => {
        seen.shared += (await cluster.traffic()).reduce((sum, { sent }) => sum + sent.split.sharedValues, 0)
        await cluster.close()
      }
      const found = await courseOf({ ...cluster, close }, trials)
      expectSameBits(found, await courseOf(await open(network, { seed }), trials))
    }),
    { numRuns, seed: 9, endOnFailure: true },
  )
  expect(seen.shared).toBeGreaterThan(100 * numRuns)
})

test('a replica that stops while others send it their sums is named', async () => {
  const network = noisyLayers(40)
  const trials = { ...NOISY_TRIALS, count: 70, inputs: { in: repeatTrains(NOISY_TRIALS.inputs.in, 70) } }
  const labelled = { ...trials, labels: Uint8Array.from({ length: 70 }, (_, k) => k % 3) }
  const cluster = await built.openCluster(network, placeOnCores(network, 2), {
    ...{ seed: 3, replicas: 2, transport: 'websocket', silence: 2000 },
  })
  await cluster.train(labelled, step())
  process.kill(cluster.workers.find(({ core }) => core === 3)!.id, 'SIGSTOP')
  const error = await failureOf(cluster.train(labelled, step()), built.RunError)
  expect(error).toMatchObject({ code: 'CORE_SILENT', details: { core: 3, peer: 'core 3' } })
  expect(error.message).toMatch(/^Core 3 \(core 1 of replica 1\) fell silent\./)
  await cluster.close()
})

test('a replica that is killed is started again with all others, and training has the bits of one process', async () => {
  const network = noisyLayers(40)
  const labelled = (count: number) => {
    const inputs = { in: repeatTrains(NOISY_TRIALS.inputs.in, count) }
    return { ...NOISY_TRIALS, count, inputs, labels: Uint8Array.from({ length: count }, (_, k) => k % 3) }
  }
  const options = step({ rates: { weights: 0.01, delays: 0.1 }, bounds: { delays: [0.5, 10] } })
  const restarts: Restart[] = []
  await using cluster = await built.openCluster(network, placeOnCores(network, 2), {
    ...{ seed: 3, replicas: 2, transport: 'websocket', restarts: 6, silence: 600_000 },
    onRestart: (restart: Restart) => void restarts.push(restart),
  })
  await using whole = await open(network, { seed: 3 })
  for (const [k, member] of [null, 3, null, 0, 1, 2].entries()) {
    // The last one is what is left of the data, with no trials for the second replica; it follows a state that is kept.
    const isLast = k === 5
    if (isLast) await cluster.save()
    const batch = labelled(isLast ? 20 : 70)
    const trained = cluster.train(batch, options)
    if (member !== null) process.kill(cluster.workers.find(({ core }) => core === member)!.id, 'SIGKILL')
    const expected = await whole.train(batch, options)
    expectSameBits({ k, ...(await trained) }, { k, ...expected })
  }
  expectSameBits(await cluster.save(), await whole.save())
  expect(restarts.length).toBeGreaterThanOrEqual(4)
})
