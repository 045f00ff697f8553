import { afterEach, expect, test } from 'vitest'
import type { Restart } from '../../src/actors/cluster-session.js'
import { open } from '../../src/actors/open.js'
import { built, childrenOf, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'

const builtPart = (path: string) => import(new URL(`../../dist/actors/${path}.js`, import.meta.url).href)
type OpenSite = typeof import('../../src/actors/supervision/open-site.js')
type StartCluster = typeof import('../../src/actors/supervision/start-cluster.js')
type Restarting = typeof import('../../src/actors/supervision/restarting-session.js')
type Settings = typeof import('../../src/actors/cluster-options.js')
type CreateSession = typeof import('../../src/actors/session/create-session.js')

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

test('a process that is stopped while it starts is named, ended and started anew', async () => {
  const { openSite } = (await builtPart('supervision/open-site')) as OpenSite
  const { startCluster } = (await builtPart('supervision/start-cluster')) as StartCluster
  const { openRestartingSession } = (await builtPart('supervision/restarting-session')) as Restarting
  const { clusterSettings } = (await builtPart('cluster-options')) as Settings
  const { createSession } = (await builtPart('session/create-session')) as CreateSession
  const restarts: Restart[] = []
  const pids: number[] = []

  async function start() {
    const isFirst = restarts.length === 0
    const settings = clusterSettings({ seed: 7, startLimit: isFirst ? 500 : 600_000 })
    const site = await openSite(NETWORK, placement(2), settings)
    pids.push(...site.hosts.map(({ id }) => id))
    // It cannot be ready before this process has listened to it.
    if (isFirst) process.kill(site.hosts[1]?.id ?? Number.NaN, 'SIGSTOP')
    const { partitions, supervisor } = await startCluster({
      ...{ network: NETWORK, placement: placement(2), site },
      ...settings,
    })
    const close = () => supervisor.close()
    const session = createSession({ network: NETWORK, placement: placement(2), partitions, close })
    return { session: session as never, failure: () => supervisor.failure() }
  }

  const session = await openRestartingSession({
    start,
    restarts: 1,
    onRestart: (restart) => void restarts.push(restart),
  })
  await using here = await open(NETWORK, { seed: 7 })
  expect(await session.simulate(TRIALS)).toStrictEqual(await here.simulate(TRIALS))
  await session.close()
  expect(pids.length).toBe(4)
  expect(restarts.length).toBe(1)
  expect(restarts[0]?.reason).toBeInstanceOf(built.RunError)
  expect(restarts[0]?.reason).toMatchObject({
    code: 'CORE_LATE',
    message: expect.stringMatching(/^Cores? (0, )?1 w/),
    details: { unheard: 500 },
  })
})
