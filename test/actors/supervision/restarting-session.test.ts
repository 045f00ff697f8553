import { expect, test } from 'vitest'
import type { Restart } from '../../../src/actors/cluster-session.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import { type LiveCluster, openRestartingSession } from '../../../src/actors/supervision/restarting-session.js'
import { RunError } from '../../../src/events/errors.js'
import { placeOnCores } from '../../../src/hardware/place.js'
import { NETWORK, TRIALS } from '../layered-network.js'

const DEATH = new RunError({ code: 'CORE_DIED', message: 'Core 1 died.' })
const openHere = () => openCluster(NETWORK, placeOnCores(NETWORK, 2), { transport: 'local' })

/** A cluster that fails at every call. */
async function dying(reason: Error = DEATH): Promise<LiveCluster> {
  const session = await openHere()
  return { session: { ...session, simulate: () => Promise.reject(reason) }, failure: () => reason }
}

test.each<{ when: string; start: () => Promise<LiveCluster> }>([
  { when: 'starts', start: () => Promise.reject(DEATH) },
  { when: 'is used', start: () => dying() },
])('a cluster that dies again and again when it $when is given up', async ({ start }) => {
  const restarts: Restart[] = []
  const onRestart = (restart: Restart) => void restarts.push(restart)
  const opening = openRestartingSession({ start, restarts: Number.POSITIVE_INFINITY, onRestart })
  await expect(opening.then((session) => session.simulate(TRIALS))).rejects.toBe(DEATH)
  expect(restarts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
  expect(restarts[0]).toEqual({ number: 1, reason: DEATH, repeated: 0 })
})

test('calls that fail together lead to one restart', async () => {
  const restarts: Restart[] = []
  let starts = 0
  const session = await openRestartingSession({
    start: async () => {
      starts++
      if (starts > 1) return { session: await openHere(), failure: () => null }
      const cluster = await dying()
      return { ...cluster, session: { ...cluster.session, traffic: () => Promise.reject(DEATH) } }
    },
    restarts: 5,
    onRestart: (restart) => void restarts.push(restart),
  })
  await Promise.all([session.simulate(TRIALS), session.traffic(), session.simulate(TRIALS)])
  expect([starts, restarts.length]).toEqual([2, 1])
  await session.close()
})

test.each([
  new RunError({ code: 'CORE_LATE', message: 'Core 1 was not ready.' }),
  new RunError({ code: 'SPIKES_TOO_MANY', message: 'A neuron spikes without end.' }),
])('a failure that would only come again ($code) is not tried again', async (reason) => {
  const onRestart = () => expect.unreachable()
  const session = await openRestartingSession({ start: () => dying(reason), restarts: 5, onRestart })
  await expect(session.simulate(TRIALS)).rejects.toBe(reason)
  await session.close()
})
