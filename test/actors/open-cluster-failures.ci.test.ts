import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterSession } from '../../src/actors/open-cluster.js'
import type { RunError } from '../../src/events/errors.js'
import { createLink } from '../../src/streams/links/create-link.js'
import { dialWebsocket } from '../../src/streams/links/websocket-dial.js'
import { systemClock } from '../../src/streams/system-clock.js'
import { inTurn } from '../support/in-turn.js'
import { built, childrenOf, eventually, freePort, isAlive, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'
import { COUNT, LABELS, step } from './small-networks.js'

/** Nobody is called silent because the machine is busy. */
const PATIENT = { seed: 7, silence: 600_000, transport: 'websocket' } as const
/** Soon finds who stands still. */
const QUICK = { seed: 7, silence: 3000, transport: 'websocket' } as const
const LABELLED = { ...TRIALS, labels: LABELS }
const LEARN = step({ rates: { weights: 0.1 } })

afterEach(async () => {
  expect(childrenOf(process.pid)).toEqual([])
})

function kill({ workers }: ClusterSession, core: number, signal: NodeJS.Signals): void {
  process.kill(workers[core]?.id ?? Number.NaN, signal)
}

/** The error that a call rejects with; every later call rejects with the same, and closing leaves nothing. */
async function failureOf(cluster: ClusterSession, call: Promise<unknown>): Promise<RunError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(built.RunError)
  for (const later of [cluster.simulate(TRIALS), cluster.train(LABELLED, LEARN), cluster.parameters()])
    await expect(later).rejects.toBe(error)
  await expect(cluster.traffic()).rejects.toBe(error)
  await cluster.close()
  expect(cluster.workers.filter(({ id }) => isAlive(id))).toEqual([])
  return error as RunError
}

interface Work {
  readonly during: string
  readonly work: (cluster: ClusterSession) => Promise<unknown>
}

describe('a partition that is killed', () => {
  const single: readonly Work[] = [
    { during: 'a training step', work: (cluster) => cluster.train(LABELLED, LEARN) },
    { during: 'a simulation', work: (cluster) => cluster.simulate(TRIALS) },
    { during: 'a gradient', work: (cluster) => cluster.gradient(TRIALS, COUNT, LABELS) },
  ]
  const endless: Work = {
    during: 'training',
    async work(cluster) {
      for (;;) await cluster.train(LABELLED, LEARN)
    },
  }

  test.each([...inTurn(single, 0), endless])('during $during ends the session', async ({ during, work }) => {
    const cluster = await built.openCluster(NETWORK, placement(3), PATIENT)
    await cluster.simulate(TRIALS)
    // A single run could be over by the time the signal comes.
    if (during !== 'training') kill(cluster, 1, 'SIGSTOP')
    const call = work(cluster)
    if (during === 'training') await new Promise((resolve) => setTimeout(resolve, 100))
    kill(cluster, 1, 'SIGKILL')
    const error = await failureOf(cluster, call)
    expect(error).toMatchObject({ code: 'CORE_DIED', details: { core: 1, signal: 'SIGKILL', peer: 'core 1' } })
    expect(error.details).toMatchObject({ link: 'core 1 - core 2', watermark: 50, stream: 'hidden' })
    expect(error.message).toMatch(/^Core 1 died: signal SIGKILL\. Link core 1 - core 2: .*50 ms, of "hidden"\.$/)
  })

  test('between two runs ends the session', async () => {
    const cluster = await built.openCluster(NETWORK, placement(2), PATIENT)
    kill(cluster, 0, 'SIGKILL')
    await eventually(() => childrenOf(process.pid).length === 0)
    const error = await failureOf(cluster, cluster.simulate(TRIALS))
    expect(error).toMatchObject({ code: 'CORE_DIED', details: { core: 0 } })
  })

  test('while the cluster closes does not matter any more', async () => {
    const cluster = await built.openCluster(NETWORK, placement(2), PATIENT)
    const closing = cluster.close()
    kill(cluster, 1, 'SIGKILL')
    await closing
    expect(cluster.workers.filter(({ id }) => isAlive(id))).toEqual([])
    // Whoever asks now is told that it is closed, not that it had failed.
    await expect(cluster.simulate(TRIALS)).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test.each([0, ...inTurn([100, 250], 0)])(
    '%i ms after the start keeps the cluster from opening, or ends it',
    async (ms) => {
      const opening = built.openCluster(NETWORK, placement(2), PATIENT)
      // A fast machine may be through with the start by then.
      const course = opening.then((cluster) => failureOf(cluster, simulateForEver(cluster)))
      const failed = course.catch((error: unknown) => error)
      await eventually(() => childrenOf(process.pid).length === 2)
      await new Promise((resolve) => setTimeout(resolve, ms))
      process.kill(childrenOf(process.pid)[1] as number, 'SIGKILL')
      expect(await failed).toMatchObject({ code: 'CORE_DIED', details: { signal: 'SIGKILL' } })
    },
  )
})

async function simulateForEver(cluster: ClusterSession): Promise<never> {
  for (;;) await cluster.simulate(TRIALS)
}

describe('a partition that stands still', () => {
  test('in a run is told from a dead one, and ended', async () => {
    const cluster = await built.openCluster(NETWORK, placement(3), QUICK)
    await cluster.simulate(TRIALS)
    kill(cluster, 1, 'SIGSTOP')
    const error = await failureOf(cluster, cluster.gradient(TRIALS, COUNT, LABELS))
    expect(error).toMatchObject({ code: 'CORE_SILENT', details: { core: 1, peer: 'core 1', watermark: 50 } })
  })
})

describe('a signal that is aborted', () => {
  const reason = new Error('enough')

  test('during the start ends what has been started, also what stands still', async () => {
    const controller = new AbortController()
    const opening = built.openCluster(NETWORK, placement(2), { ...PATIENT, signal: controller.signal })
    const refused = expect(opening).rejects.toBe(reason)
    await eventually(() => childrenOf(process.pid).length === 2)
    const pids = childrenOf(process.pid)
    process.kill(pids[0] as number, 'SIGSTOP')
    controller.abort(reason)
    await refused
    expect(pids.filter(isAlive)).toEqual([])
  })

  test.each(['websocket', 'thread', 'local'] as const)('is what every call rejects with (%s)', async (transport) => {
    const controller = new AbortController()
    const cluster = await built.openCluster(NETWORK, placement(2), { transport, signal: controller.signal })
    await cluster.simulate(TRIALS)
    controller.abort(reason)
    await expect(cluster.simulate(TRIALS)).rejects.toBe(reason)
    await expect(cluster.traffic()).rejects.toBe(reason)
    await cluster.close()
    expect(transport === 'websocket' ? cluster.workers.filter(({ id }) => isAlive(id)) : []).toEqual([])
  })

  test('before anything has started keeps it so', async () => {
    const opening = built.openCluster(NETWORK, placement(2), { signal: AbortSignal.abort(reason) })
    await expect(opening).rejects.toBe(reason)
  })
})

test('partitions that are not ready in time are ended', async () => {
  const opening = built.openCluster(NETWORK, placement(2), { startLimit: 5, transport: 'websocket' })
  await expect(opening).rejects.toMatchObject({ code: 'CORE_LATE', details: { limit: 5 } })
})

describe('the port of the coordinator', () => {
  test('that is in use is a mistake, told before anything has started', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { readonly port: number }).port))
    })
    const opening = built.openCluster(NETWORK, placement(2), { port })
    await expect(opening).rejects.toBeInstanceOf(built.InputError)
    await expect(opening).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await new Promise((resolve) => server.close(resolve))
  })

  test('turns strangers away, who disturb nobody', async () => {
    const port = await freePort()
    const opening = built.openCluster(NETWORK, placement(2), { port, seed: 7 })
    const stranger = await dialUntilThere(`ws://127.0.0.1:${port}/coordinator/0`)
    const link = createLink(stranger, {
      role: 'dial',
      index: 0,
      peers: [-1],
      identity: { kernel: 'reference', arithmetic: 1, network: null },
      token: 'not this one',
      clock: systemClock(),
      nameOf: () => undefined,
    })
    await expect(link.opened).rejects.toMatchObject({ code: 'LINK_TOKEN_WRONG' })
    await using cluster = await opening
    expect((await cluster.simulate(TRIALS)).spikes.out?.times.length).toBeGreaterThan(0)
    // Once everybody is there, the door is shut.
    await expect(dialWebsocket(`ws://127.0.0.1:${port}/coordinator/0`)).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
    })
  })
})

/** The listener is there before the processes are, but not at once. */
async function dialUntilThere(url: string) {
  for (let tries = 0; ; tries++) {
    try {
      return await dialWebsocket(url)
    } catch (error) {
      if (tries > 100) throw error
    }
  }
}
