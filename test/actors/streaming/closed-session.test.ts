import { lastValueFrom, NEVER } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import { openRestartingSession } from '../../../src/actors/supervision/restarting-session.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { inTurn } from '../../support/in-turn.js'
import { unwatchedHub } from '../../support/unwatched-hub.js'
import { built } from '../built-cluster.js'
import { NETWORK } from '../layered-network.js'

const CLOSED = { code: 'SESSION_CLOSED' }
const PLACEMENT = placeOnCores(NETWORK, 2)
const openLocal = () => openCluster(NETWORK, PLACEMENT, { transport: 'local' })

const SESSIONS: Readonly<Record<string, () => Promise<StreamingSession>>> = {
  'on one core': () => open(NETWORK),
  'on two cores of this process': openLocal,
  'that may restart': () =>
    openRestartingSession({
      hub: unwatchedHub(),
      start: async () => ({ session: await openLocal(), failure: () => null }),
      restarts: 1,
      onRestart: () => undefined,
    }),
  'over threads': () => built.openCluster(NETWORK, PLACEMENT, { transport: 'thread' }),
}

describe.each(Object.entries(SESSIONS))('a session %s that is closed', (_, opened) => {
  test('ends streams that wait for a source, have never been consumed, or come too late', async () => {
    const session = await opened()
    const waiting = session.stream({ inputs: { in: NEVER } })
    const next = expect(waiting[Symbol.asyncIterator]().next()).rejects.toMatchObject(CLOSED)
    const unread = session.stream({ inputs: { in: NEVER } })
    await session.close()
    await next
    for (const { done } of [waiting, unread, session.stream()]) await expect(done).rejects.toMatchObject(CLOSED)
    await expect(lastValueFrom(unread.spikes$)).rejects.toMatchObject(CLOSED)
  })
})

const elsewhere = [
  { what: 'elsewhere, where it may restart', transport: 'thread', restarts: 1 },
  { what: 'elsewhere', transport: 'thread', restarts: 0 },
] as const

test.each([{ what: 'here', transport: 'local', restarts: 0 } as const, ...inTurn(elsewhere, 0)])(
  'a cluster $what that is interrupted ends a stream that waits for a source',
  async (options) => {
    const { what: _, ...how } = options
    const controller = new AbortController()
    const reason = new Error('enough')
    const opener = how.transport === 'local' ? openCluster : built.openCluster
    await using session = await opener(NETWORK, PLACEMENT, { ...how, signal: controller.signal })
    const stream = session.stream({ inputs: { in: NEVER } })
    const next = expect(stream[Symbol.asyncIterator]().next()).rejects.toBe(reason)
    controller.abort(reason)
    await next
    await expect(stream.done).rejects.toBe(reason)
  },
)

test('an observer of a stream that waits for a source is told that the session is closed', async () => {
  const session = await open(NETWORK)
  const observed = lastValueFrom(session.stream({ inputs: { in: NEVER } }).spikes$)
  const told = expect(observed).rejects.toMatchObject(CLOSED)
  await session.close()
  await told
})

test('who has taken a segment learns at the next one that the session was closed, and then that the stream is over', async () => {
  const session = await open(NETWORK)
  const stream = session.stream({ segment: 5 })
  const segments = stream[Symbol.asyncIterator]()
  await segments.next()
  await session.close()
  await expect(stream.done).rejects.toMatchObject(CLOSED)
  await expect(segments.next()).rejects.toMatchObject(CLOSED)
  expect(await segments.next()).toEqual({ done: true, value: undefined })
})

test('a stream that was stopped before has ended as it should', async () => {
  const session = await open(NETWORK)
  const stream = session.stream({ inputs: { in: NEVER } })
  void stream.stop()
  await session.close()
  await expect(stream.done).resolves.toBeUndefined()
})
