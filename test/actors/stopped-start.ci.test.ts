import { afterEach, expect, test } from 'vitest'
import type { Restart } from '../../src/actors/cluster-session.js'
import { open } from '../../src/actors/open.js'
import { builtFile } from '../support/built-file.js'
import { inTurn } from '../support/in-turn.js'
import { unwatchedHub } from '../support/unwatched-hub.js'
import { childrenOf, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'

const builtPart = (path: string) => import(builtFile(`actors/${path}.js`).href)
type Errors = typeof import('../../src/events/errors.js')
type OpenLauncher = typeof import('../../src/actors/open-elsewhere.js')
type StartCluster = typeof import('../../src/actors/supervision/start-cluster.js')
type Restarting = typeof import('../../src/actors/supervision/restarting-session.js')
type Settings = typeof import('../../src/actors/cluster-options.js')
type CreateSession = typeof import('../../src/actors/session/create-session.js')

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

const { RunError } = (await builtPart('../events/errors')) as Errors
const { openLauncher } = (await builtPart('open-elsewhere')) as OpenLauncher
const { startCluster } = (await builtPart('supervision/start-cluster')) as StartCluster
const { openRestartingSession } = (await builtPart('supervision/restarting-session')) as Restarting
const { clusterSettings } = (await builtPart('cluster-options')) as Settings
const { createSession } = (await builtPart('session/create-session')) as CreateSession

/** Starts a cluster of two; one core is stopped, if it is to be, and the time is up when the other one has come. */
async function start(stopped: number | null) {
  const settings = clusterSettings({ seed: 7, startLimit: 600_000, transport: 'websocket' })
  const launcher = await openLauncher(NETWORK, placement(2), settings, null)
  if (stopped !== null) {
    // It cannot have come before this process has listened to it.
    process.kill(launcher.coreWorkers[stopped]?.id ?? Number.NaN, 'SIGSTOP')
    await launcher.controls[1 - stopped]
  }
  const limit = stopped === null ? {} : { startLimit: 1 }
  return startCluster({ network: NETWORK, placement: placement(2), launcher, ...settings, ...limit })
}

test.each(inTurn([0, 1], 0))(
  'a process that is stopped while it starts keeps the cluster from opening, and is named alone',
  async (core) => {
    const opening = start(core)
    await expect(opening).rejects.toBeInstanceOf(RunError)
    await expect(opening).rejects.toMatchObject({
      code: 'CORE_LATE',
      message: expect.stringMatching(
        `^Core ${core} was not ready after 1 ms\\. It has said nothing in the last 1 ms\\.`,
      ),
      details: { core },
    })
  },
)

test('a process that is stopped while it starts is ended and started anew, where that is allowed', async () => {
  const restarts: Restart[] = []
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    async start() {
      const { partitions, supervisor } = await start(restarts.length === 0 ? 1 : null)
      const close = () => supervisor.close()
      const session = createSession({ network: NETWORK, placement: placement(2), partitions, close }, { seed: 7 })
      return { session: session as never, failure: () => supervisor.failure() }
    },
    restarts: 1,
    onRestart: (restart) => void restarts.push(restart),
  })
  await using here = await open(NETWORK, { seed: 7 })
  expect(await session.simulate(TRIALS)).toStrictEqual(await here.simulate(TRIALS))
  await session.close()
  expect(restarts.map(({ reason }) => reason)).toEqual([expect.objectContaining({ code: 'CORE_LATE' })])
})
