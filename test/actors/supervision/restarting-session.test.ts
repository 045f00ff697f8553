import { describe, expect, test } from 'vitest'
import type { ClusterSession, Restart } from '../../../src/actors/cluster-session.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import type { SpikeStream, StreamingSession, StreamSegment } from '../../../src/actors/streaming/spike-stream.js'
import type { LiveCluster } from '../../../src/actors/supervision/cluster-series.js'
import { openRestartingSession } from '../../../src/actors/supervision/restarting-session.js'
import { RunError } from '../../../src/events/errors.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { trainsOf } from '../../learning/trains.js'
import { unwatchedHub } from '../../support/unwatched-hub.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { LABELS, step } from '../small-networks.js'

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
  const opening = openRestartingSession({ hub: unwatchedHub(), start, restarts: Number.POSITIVE_INFINITY, onRestart })
  await expect(opening.then((session) => session.simulate(TRIALS))).rejects.toBe(DEATH)
  expect(restarts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
  expect(restarts[0]).toEqual({ number: 1, reason: DEATH, repeated: 0 })
})

test('a start in silence is tried again, for the partition may have been stopped', async () => {
  const silent = new RunError({
    code: 'CORE_LATE',
    message: 'Core 1 was not ready.',
    details: { core: 1, unheard: 500 },
  })
  const restarts: Restart[] = []
  const starts = [() => Promise.reject(silent), async () => ({ session: await openHere(), failure: () => null })]
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    start: () => (starts.shift() as () => Promise<LiveCluster>)(),
    restarts: 1,
    onRestart: (restart) => void restarts.push(restart),
  })
  await session.close()
  expect(restarts).toEqual([{ number: 1, reason: silent, repeated: 0 }])
})

test.each([{ restarts: 2 }, { restarts: Number.POSITIVE_INFINITY }])(
  'a slow start after a failure is one failed attempt of $restarts',
  async ({ restarts }) => {
    const late = new RunError({ code: 'CORE_LATE', message: 'Core 1 was not ready.', details: { core: 1 } })
    const told: Restart[] = []
    const starts = [() => dying(), () => Promise.reject(late), () => Promise.reject(late)]
    const well = async () => ({ session: await openHere(), failure: () => null })
    const session = await openRestartingSession({
      hub: unwatchedHub(),
      start: () => (starts.shift() ?? well)(),
      restarts,
      onRestart: (restart) => void told.push(restart),
    })
    const done = session.simulate(TRIALS)
    if (restarts === 2) await expect(done).rejects.toBe(late)
    else await done
    await session.close()
    expect(told.map(({ reason }) => reason)).toEqual([DEATH, late, late].slice(0, restarts))
  },
)

test('a slow first start is not tried again', async () => {
  const late = new RunError({ code: 'CORE_LATE', message: 'Core 1 was not ready.', details: { core: 1 } })
  const start = () => Promise.reject(late)
  const onRestart = () => expect.unreachable()
  await expect(openRestartingSession({ hub: unwatchedHub(), start, restarts: 5, onRestart })).rejects.toBe(late)
})

test.each(['LEASE_LOST', 'WORKER_FENCED', 'WORKERS_TOO_FEW', 'WORKERS_UNREACHABLE', 'RENDEZVOUS_NO_ANSWER'])(
  'a restart that ends with %s ends the session by that name',
  async (code) => {
    const reason = new RunError({ code, message: 'There is no going on.' })
    const restarts: Restart[] = []
    const starts = [() => dying(), () => Promise.reject(reason)]
    const session = await openRestartingSession({
      hub: unwatchedHub(),
      start: () => (starts.shift() as () => Promise<LiveCluster>)(),
      restarts: Number.POSITIVE_INFINITY,
      onRestart: (restart) => void restarts.push(restart),
    })
    await expect(session.simulate(TRIALS)).rejects.toBe(reason)
    await expect(session.simulate(TRIALS)).rejects.toBe(reason)
    await session.close()
    expect(restarts.map(({ reason: why }) => why)).toEqual([DEATH])
  },
)

test('calls that fail together lead to one restart', async () => {
  const restarts: Restart[] = []
  let starts = 0
  const session = await openRestartingSession({
    hub: unwatchedHub(),
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
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    start: () => dying(reason),
    restarts: 5,
    onRestart,
  })
  await expect(session.simulate(TRIALS)).rejects.toBe(reason)
  await session.close()
})

/** Clusters one after the other, each the same as the last but for what is done to it; tells which are there. */
function following(change: (cluster: LiveCluster, number: number) => LiveCluster) {
  const events: string[] = []
  let number = 0
  async function start(): Promise<LiveCluster> {
    const own = ++number
    events.push(`start ${own}`)
    const session = await openHere()
    const close = async () => {
      await session.close()
      // Longer than the pause before the first attempt.
      await new Promise((resolve) => setTimeout(resolve, 20))
      events.push(`end ${own}`)
    }
    return change({ session: { ...session, close }, failure: () => null }, own)
  }
  return { start, events }
}

/** A cluster that does a call so many times and dies at the next one. */
function dyingAt<Call extends 'simulate' | 'parameters' | 'train'>(
  call: Call,
  { session }: LiveCluster,
  times: number,
) {
  let left = times
  const work = session[call] as (...args: readonly unknown[]) => Promise<unknown>
  const mortal = (...args: readonly unknown[]) => (left-- > 0 ? work(...args) : Promise.reject(DEATH))
  return { session: { ...session, [call]: mortal }, failure: () => (left < 0 ? DEATH : null) }
}

test('failures are in a row only if nothing was done in between', async () => {
  const { start } = following((cluster) => dyingAt('simulate', cluster, 1))
  const restarts: Restart[] = []
  const onRestart = (restart: Restart) => void restarts.push(restart)
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    start,
    restarts: Number.POSITIVE_INFINITY,
    onRestart,
  })
  const first = await session.simulate(TRIALS)
  for (let k = 0; k < 8; k++) expect(await session.simulate(TRIALS)).toStrictEqual(first)
  await session.close()
  expect(restarts.length).toBe(8)
})

test('a step that is taken ends a row of failures, that of the start as well', async () => {
  const restarts: Restart[] = []
  const { start } = following((cluster, number) => (number === 1 ? dyingAt('train', cluster, 1) : cluster))
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    // As often in a row as is borne.
    start: () => (restarts.length < 6 ? Promise.reject(DEATH) : start()),
    restarts: Number.POSITIVE_INFINITY,
    onRestart: (restart) => void restarts.push(restart),
  })
  const trials = { ...TRIALS, labels: LABELS }
  for (let k = 0; k < 2; k++) await session.train(trials, step())
  await session.close()
  expect(restarts.length).toBe(7)
})

test('nothing of a cluster that failed is left when the next one starts', async () => {
  const { start, events } = following((cluster, number) => dyingAt('simulate', cluster, number === 3 ? 1 : 0))
  const session = await openRestartingSession({ hub: unwatchedHub(), start, restarts: 2, onRestart: () => undefined })
  await session.simulate(TRIALS)
  await session.close()
  expect(events).toEqual(['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3'])
})

test("an error that did not end the cluster is the call's own, whatever its code", async () => {
  const { start, events } = following(({ session }) => ({
    session: { ...session, traffic: () => Promise.reject(DEATH) },
    failure: () => null,
  }))
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    start,
    restarts: 5,
    onRestart: () => expect.unreachable(),
  })
  await expect(session.traffic()).rejects.toBe(DEATH)
  await session.close()
  expect(events).toEqual(['start 1', 'end 1'])
})

describe('what was handed over or given out may be used again', () => {
  const fresh = () => ({
    trials: { ...structuredClone(TRIALS), labels: LABELS.slice() },
    options: structuredClone(step({ rates: { weights: 0.05 }, bounds: { weights: [-5, 5] } })),
  })

  /** Whatever can be reached is no longer what it was. */
  function spoil(value: unknown): void {
    if (value instanceof Float64Array || value instanceof Uint32Array || value instanceof Uint8Array) value.fill(1)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner === 'number') Object.assign(value, { [key]: 1 })
        else spoil(inner)
      }
    }
  }

  const spoiled = <Value>(value: Value): Value => {
    spoil(value)
    return value
  }

  async function course(session: ClusterSession, use: <Value>(value: Value) => Value) {
    const train = async () => {
      const { trials, options } = fresh()
      await session.train(trials, options)
      use({ trials, options })
    }
    await train()
    const state = structuredClone(await session.save())
    await train()
    use(await session.save())
    await train()
    const before = await session.parameters()
    await session.restore(state)
    use(state)
    await train()
    return [before, await session.parameters()]
  }

  test.each([0, 1])('of a cluster that dies after %i restores or saves', async (times) => {
    await using undisturbed = await openHere()
    const expected = await course(undisturbed, (value) => value)
    const { start, events } = following((cluster, number) => {
      return number === 1 ? dyingAt('parameters', cluster, times) : cluster
    })
    const session = await openRestartingSession({
      hub: unwatchedHub(),
      start,
      restarts: 1,
      onRestart: () => undefined,
    })
    expect(await course(session, spoiled)).toStrictEqual(expected)
    await session.close()
    expect(events.filter((event) => event.startsWith('start')).length).toBe(2)
  })

  test.each(['rest', 'a saved state'])('of a stream that goes on from %s', async (from) => {
    const whole = {
      until: 40,
      segment: 1,
      inputs: { in: trainsOf([Array.from({ length: 60 }, (_, k) => ({ time: k / 2, unit: k % 5 }))]) },
    }
    await using undisturbed = await openHere()
    const options = from === 'rest' ? whole : { ...whole, from: await stateAt(10, undisturbed) }
    const expected = await shown(undisturbed, async () => undefined)
    const { start, events } = following((cluster, number) => {
      const host = { ...cluster.session.host }
      let isDead = false
      const run: typeof host.run = (request) => {
        isDead ||= number === 1 && request.window.start === 20
        return isDead ? Promise.reject(DEATH) : cluster.session.host.run(request)
      }
      return { session: { ...cluster.session, host: { ...host, run } }, failure: () => (isDead ? DEATH : null) }
    })
    const session = await openRestartingSession({
      hub: unwatchedHub(),
      start,
      restarts: 1,
      onRestart: () => undefined,
    })
    // Also of the state that is kept itself, after 16 segments.
    expect(await shown(session, async (stream) => spoil(await stream.saveState()))).toStrictEqual(expected)
    await session.close()
    expect(events.length).toBe(4)

    async function stateAt(time: number, of: StreamingSession) {
      const stream = of.stream(whole)
      for await (const { window } of stream) if (window.end === time) return stream.saveState()
      throw new Error(`no segment ends at ${time} ms`)
    }

    async function shown(of: StreamingSession, between: (stream: SpikeStream) => Promise<void>) {
      const stream = of.stream(options)
      const segments: StreamSegment[] = []
      for await (const segment of stream) {
        segments.push(segment)
        await between(stream)
      }
      expect(segments.flatMap(({ spikes }) => [...(spikes.out?.times ?? [])]).length).toBeGreaterThan(0)
      return segments
    }
  })
})

test('a stream keeps a session to itself across restarts, also from another stream', async () => {
  const { start, events } = following((cluster, number) => (number === 1 ? dyingAt('parameters', cluster, 1) : cluster))
  const session = await openRestartingSession({ hub: unwatchedHub(), start, restarts: 1, onRestart: () => undefined })
  const state = await session.save()
  const stream = session.stream({ until: 20, segment: 5 })
  const segments = stream[Symbol.asyncIterator]()
  await segments.next()
  const calls = [
    () => session.stream({ until: 5 })[Symbol.asyncIterator]().next(),
    () => session.simulate(TRIALS),
    () => session.restore(state),
    () => session.setParameters(state.parameters),
  ]
  const refused = async () => {
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'SESSION_BUSY' })
  }
  await refused()
  await session.parameters()
  await session.parameters()
  expect(events).toEqual(['start 1', 'end 1', 'start 2'])
  await refused()
  expect((await segments.next()).value?.window).toEqual({ start: 5, end: 10 })
  await stream.stop()
  await session.simulate(TRIALS)
  await session.close()
})
