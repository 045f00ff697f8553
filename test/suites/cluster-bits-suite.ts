import { afterEach, describe, expect, test } from 'vitest'
import type { Transport } from '../../src/actors/transport.js'
import { TRANSPORTS } from '../../src/actors/transport-table.js'
import type { Session } from '../../src/learning/session.js'
import { built, childrenOf, isAlive, placement } from '../actors/built-cluster.js'
import { NETWORK, TRIALS } from '../actors/layered-network.js'
import { COUNT, LABELS, step } from '../actors/small-networks.js'

const LEARN = step({
  optimizer: { kind: 'sgd', momentum: 0.5 },
  rates: { weights: 0.1, delays: 0.1, thresholds: 0.01 },
})

/** Everything a session can be asked for, in turn. */
async function courseOf(session: Session) {
  return {
    first: await session.gradient(TRIALS, COUNT, LABELS),
    steps: [
      await session.train({ ...TRIALS, labels: LABELS }, LEARN),
      await session.train({ ...TRIALS, labels: LABELS }, LEARN),
    ],
    after: await session.simulate(TRIALS),
    evaluation: await session.evaluate({ ...TRIALS, labels: LABELS }, COUNT),
    parameters: await session.parameters(),
  }
}

/** What every cluster does, whatever holds its cores. */
export function testClusterBits(transports: readonly Transport[]): void {
  afterEach(() => {
    expect(childrenOf(process.pid)).toEqual([])
  })

  describe.each(transports)('over %s', (transport) => {
    test('a cluster comes to the same bits as one process', async () => {
      await using here = await built.open(NETWORK, { seed: 7 })
      const cluster = await built.openCluster(NETWORK, placement(3), { seed: 7, transport })
      const course = await courseOf(cluster)
      expect(course).toStrictEqual(await courseOf(here))
      expect(course.first.recording.spikes.out?.times.length).toBeGreaterThan(0)
      expect(cluster.placement).toEqual(placement(3))
      expect(cluster.network).toBe(NETWORK)
      expect(cluster.workers.map(({ core }) => core)).toEqual(transport === 'local' ? [] : [0, 1, 2])

      const traffic = await cluster.traffic()
      for (const { core, peer, sent } of traffic) {
        const there = traffic.find((other) => other.core === peer && other.peer === core)
        expect(there?.received).toMatchObject({ spikes: sent.spikes, gradientEvents: sent.gradientEvents })
      }
      expect(traffic.reduce((sum, { sent }) => sum + sent.spikes, 0)).toBeGreaterThan(0)

      await cluster.close()
      await cluster.close()
      expect(cluster.workers.filter(({ id }) => TRANSPORTS[transport].holder === 'process' && isAlive(id))).toEqual([])
      for (const call of [cluster.simulate(TRIALS), cluster.parameters(), cluster.traffic(), cluster.kernelSeconds()])
        await expect(call).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    })
  })
}
