import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type EngageOrder, SUBJECTS } from '../../../src/actors/fleet/fleet-messages.js'
import { createDeferred } from '../../../src/events/deferred.js'
import type { JsonValue } from '../../../src/rendezvous/json-value.js'
import { createSealKeys, seal } from '../../../src/rendezvous/seal.js'
import { holder } from '../../suites/rendezvous-suite.js'
import { eventually } from '../../support/eventually.js'
import { board, engage, fakeWorker, sealedSpec, stampOf, tellOf, WELL } from './fake-fleet.js'

/** A worker, a coordinator that asks it, and what is reported to that. */
async function pair(options: Parameters<typeof fakeWorker>[2] = {}, kind: Parameters<typeof board>[0] = 'patient') {
  const place = board(kind)
  const worker = await fakeWorker(place, 'w', options)
  const asker = place.join('asker')
  const reports: JsonValue[] = []
  await asker.reply(SUBJECTS.session('asker'), async (body) => {
    reports.push(body)
    return {}
  })
  const offer = await worker.offer()
  return { place, worker, asker, reports, offer }
}

const code = (name: string) => expect.objectContaining({ code: name })

/** The intervals that a module begins from now on, until globals are no longer stubbed; other files of tests may have some, too. */
function waitsOf(module: string): { begun: number; readonly left: ReadonlySet<unknown> } {
  const { setInterval: set, clearInterval: clear } = globalThis
  const left = new Set<unknown>()
  const waits = { begun: 0, left }
  vi.stubGlobal('setInterval', (...args: Parameters<typeof set>) => {
    const timer = set(...args)
    if (new Error('where').stack?.includes(module) !== true) return timer
    waits.begun++
    left.add(timer)
    return timer
  })
  vi.stubGlobal('clearInterval', (timer: Parameters<typeof clear>[0]) => {
    left.delete(timer)
    clear(timer)
  })
  return waits
}

describe('an order for a process', () => {
  test('starts one, with what the coordinator decides and what the worker does', async () => {
    const { worker, asker, offer } = await pair({ authorities: 'CA', data: '/data', modules: '/modules' })
    const { links: _, endSecret: __, ...spec } = sealedSpec([3, 4])
    expect(await engage(asker, offer, { spec: sealedSpec([3, 4]) })).toEqual({
      door: { url: 'ws://127.0.0.1:1', security: null },
      pid: 1,
    })
    expect(worker.processes.map((process) => process.spec)).toEqual([
      {
        ...spec,
        modules: { kind: 'own', data: '/data', modules: '/modules' },
        door: { host: '127.0.0.1', port: 1000 },
        coordinator: null,
        authorities: 'CA',
      },
    ])
    expect(worker.events).toEqual([{ type: 'engaged', stamp: stampOf('a', 0, 1), slot: 0, cores: [3, 4], pid: 1 }])
    expect((await worker.offer()).taken).toEqual([{ run: 'a', epoch: 0, cores: [3, 4], pid: 1 }])
  })

  test('for links by way of the server starts one that listens there, at a subject of its own', async () => {
    const { worker, asker, offer } = await pair()
    const spec = sealedSpec([0], { links: 'nats' })
    await engage(asker, offer, { spec, host: 0 })
    await engage(asker, offer, { spec, host: 1 })
    const listeners = worker.processes.map((process) => process.spec.door)
    const subject = expect.stringMatching(`^antidrome\\.link\\.${offer.id}\\.[-0-9a-f]{36}$`)
    expect(listeners).toEqual(listeners.map(() => ({ nats: { subject, server: { servers: 'nats://127.0.0.1' } } })))
    expect(new Set(listeners.map((door) => JSON.stringify(door))).size).toBe(2)
  })

  test('to be dialled is refused where nobody can', async () => {
    const { worker, asker, offer } = await pair({ listenerOf: null })
    expect(offer.isDialled).toBe(false)
    await expect(engage(asker, offer, {})).rejects.toMatchObject({ code: 'WORKER_NOT_DIALLED' })
    expect(worker.processes).toEqual([])
    await engage(asker, offer, { spec: sealedSpec([0], { links: 'nats' }), host: 1 })
    expect(worker.processes.length).toBe(1)
  })

  test('starts none that reads files where the worker was given no folder', async () => {
    const { worker, asker, offer } = await pair()
    await engage(asker, offer, {})
    expect(worker.processes[0]?.spec.modules).toEqual({ kind: 'own' })
  })

  test('starts one alone however often it is asked for, while it starts, while it runs, and after it has ended', async () => {
    const { worker, asker, offer } = await pair({ opens: false })
    const asked = [engage(asker, offer, {}), engage(asker, offer, {})]
    await eventually(() => worker.processes.length > 0)
    worker.processes[0]?.door.resolve({ url: 'ws://here', security: 'psk' })
    const replies = [...(await Promise.all(asked)), await engage(asker, offer, {})]
    worker.processes[0]?.end(WELL)
    await eventually(() => worker.events.length === 2)
    replies.push(await engage(asker, offer, {}))
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(worker.processes.length).toBe(1)
  })

  test('is refused where every slot is taken, by the runs that hold them', async () => {
    const { asker, offer } = await pair({ slots: 2 })
    await engage(asker, offer, { stamp: stampOf('a', 0, 1) })
    await engage(asker, offer, { stamp: stampOf('b', 0, 2) })
    await expect(engage(asker, offer, { stamp: stampOf('c', 0, 1) })).rejects.toMatchObject({
      code: 'WORKER_BUSY',
      message: 'Worker w has no free slot: 2 of 2 are taken (run a, epoch 0, start 1; run b, epoch 0, start 2).',
    })
  })

  test.each([
    ['is garbage', async () => 'garbage', 'SEAL_BROKEN'],
    ['is nothing', async () => '', 'SEAL_BROKEN'],
    [
      'is for another',
      async () => seal(JSON.stringify(sealedSpec()), (await createSealKeys()).publicKey),
      'SEAL_BROKEN',
    ],
    ['is no JSON', async (key: string) => seal('{', key), 'FIELD_TYPE'],
    ['is out of range', async (key: string) => seal(JSON.stringify(sealedSpec([])), key), 'OPTION_OUT_OF_RANGE'],
  ])('whose specification %s is refused, and the log told', async (_, write, name) => {
    const { worker, asker, offer } = await pair()
    const sealed = await write(offer.sealKey)
    await expect(engage(asker, offer, { sealed })).rejects.toEqual(code(name))
    expect(worker.events).toEqual([{ type: 'refused', stamp: stampOf('a', 0, 1), error: code(name) }])
    expect(worker.processes).toEqual([])
    await engage(asker, offer, { stamp: stampOf('b', 0, 1) })
  })

  test('whose process ends before it listens is refused with its last words, and frees its slot', async () => {
    const { worker, asker, offer } = await pair({ opens: false, slots: 1 })
    const asked = engage(asker, offer, {})
    await eventually(() => worker.processes.length > 0)
    worker.processes[0]?.end({ exitCode: 3, signal: null, lastWords: 'no port' })
    await expect(asked).rejects.toMatchObject({
      code: 'WORKER_START_FAILED',
      message: 'Worker w could not start a process for cores 0: exit code 3. no port',
    })
    expect((await worker.offer()).taken).toEqual([])
  })

  test('whose process says something else than where it listens ends it', async () => {
    const { worker, asker, offer } = await pair({ opens: false })
    const asked = engage(asker, offer, {})
    await eventually(() => worker.processes.length > 0)
    worker.processes[0]?.door.reject(new Error('no address'))
    await expect(asked).rejects.toThrow('no address')
    expect(worker.living()).toEqual([])
  })
})

describe('what is no order', () => {
  test.each([[{ type: 'run', stamp: stampOf('a', 0, 1), host: 0 }], [{ type: 'engage' }], [{}], ['engage'], [null]])(
    'is refused, and the log told: %j',
    async (order) => {
      const { worker, asker, offer } = await pair()
      await expect(tellOf(asker, offer.id, order as object)).rejects.toMatchObject({ name: 'InputError' })
      expect(worker.events).toEqual([{ type: 'refused', stamp: null, error: expect.any(Error) }])
    },
  )

  test('neither is what is told of no start', async () => {
    const { worker, asker } = await pair()
    await expect(asker.request(SUBJECTS.fence, { run: 'a' })).rejects.toMatchObject({ code: 'FIELD_MISSING' })
    expect(worker.events).toMatchObject([{ type: 'refused', stamp: null }])
  })
})

describe('the end of a process', () => {
  test('frees its slot and is reported', async () => {
    const { worker, asker, reports, offer } = await pair({ slots: 1 })
    await engage(asker, offer, { host: 3 })
    const end = { exitCode: 1, signal: null, lastWords: 'oh' }
    worker.processes[0]?.end(end)
    await eventually(() => reports.length > 0)
    expect(reports).toEqual([{ type: 'ended', stamp: stampOf('a', 0, 1), host: 3, secret: 'cd', end }])
    await engage(asker, offer, { stamp: stampOf('b', 0, 1) })
    expect(worker.processes[1]?.spec.door).toEqual({ host: '127.0.0.1', port: 1000 })
  })

  test('frees its slot where nobody can be told, and the log says so', async () => {
    const { worker, asker, offer } = await pair({ slots: 1 }, 'hasty')
    await engage(asker, offer, { session: 'nobody' })
    worker.processes[0]?.end(WELL)
    await engage(asker, offer, { stamp: stampOf('b', 0, 1) })
    await eventually(() => worker.events.some(({ type }) => type === 'unreported'))
    expect(worker.events.find(({ type }) => type === 'unreported')).toEqual({
      type: 'unreported',
      stamp: stampOf('a', 0, 1),
      error: code('RENDEZVOUS_NO_ANSWER'),
    })
  })

  test.each([
    { force: true, told: ['SIGKILL'] },
    { force: false, told: ['SIGTERM'] },
  ])('comes when it is released: $told, that one alone', async ({ force, told }) => {
    const { worker, asker, reports, offer } = await pair({ slots: 4 })
    await engage(asker, offer, { host: 0 })
    await engage(asker, offer, { host: 1 })
    await engage(asker, offer, { host: 0, stamp: stampOf('b', 0, 1) })
    const release = { type: 'release', stamp: stampOf('a', 0, 1), host: 1, force }
    expect(await tellOf(asker, offer.id, release)).toEqual({})
    await eventually(() => reports.length > 0)
    expect(worker.processes.map((process) => process.told)).toEqual([[], told, []])
    // There is nothing more to release.
    expect(await tellOf(asker, offer.id, release)).toEqual({})
  })

  test('does not come because somebody looks whether its worker is there', async () => {
    const { worker, asker, offer } = await pair({})
    await engage(asker, offer, {})
    expect(await tellOf(asker, offer.id, { type: 'look', stamp: stampOf('a', 0, 1) })).toEqual({})
    expect(worker.processes.map((process) => process.told)).toEqual([[]])
  })

  test.each([
    { manner: 'by itself', dies: true, told: ['SIGTERM'] },
    { manner: 'by force where it does not by itself', dies: false, told: ['SIGTERM', 'SIGKILL'] },
  ])('comes $manner when it is released, and nothing is left to wait for', async ({ dies, told }) => {
    const { worker, asker, offer } = await pair({ dies })
    await engage(asker, offer, {})
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
    onTestFinished(() => {
      vi.unstubAllGlobals()
      vi.useRealTimers()
    })
    const waits = waitsOf('engagements')
    await tellOf(asker, offer.id, { type: 'release', stamp: stampOf('a', 0, 1), host: 0, force: false })
    if (!dies) await vi.advanceTimersByTimeAsync(2000)
    expect({ begun: waits.begun > 0, left: waits.left.size }).toEqual({ begun: true, left: 0 })
    expect(worker.processes[0]?.told).toEqual(told)
  })
})

describe('of two starts of a run', () => {
  test('the later one ends what the earlier one had, and nothing else', async () => {
    const { worker, asker, offer } = await pair({ slots: 4 })
    await engage(asker, offer, { stamp: stampOf('a', 0, 1) })
    await engage(asker, offer, { stamp: stampOf('b', 0, 1) })
    await engage(asker, offer, { stamp: stampOf('a', 0, 2) })
    await engage(asker, offer, { stamp: stampOf('a', 0, 2), host: 1 })
    expect(worker.processes.map((process) => process.told)).toEqual([['SIGKILL'], [], [], []])
    expect(await asker.request(SUBJECTS.fence, { ...stampOf('a', 0, 3) })).toEqual({ id: 'id-w' })
    expect(worker.processes.map((process) => process.told)).toEqual([['SIGKILL'], [], ['SIGKILL'], ['SIGKILL']])
  })

  test('the earlier one is refused, with what is known', async () => {
    const { worker, asker, offer } = await pair({ slots: 4 })
    await engage(asker, offer, { stamp: stampOf('a', 0, 2) })
    const details = { run: 'a', epoch: 0, latest: 0 }
    const stamp = stampOf('a', 0, 1)
    await expect(engage(asker, offer, { stamp })).rejects.toMatchObject({ code: 'WORKER_FENCED', details })
    await expect(asker.request(SUBJECTS.fence, { ...stamp })).rejects.toEqual(code('WORKER_FENCED'))
    expect(worker.events.slice(1)).toEqual(
      Array.from({ length: 2 }, () => ({ type: 'refused', stamp, error: code('WORKER_FENCED') })),
    )
    expect(worker.living().length).toBe(1)
  })

  test('what is released of the earlier one leaves the later one alone', async () => {
    const { worker, asker, offer } = await pair({ slots: 4 })
    await engage(asker, offer, { stamp: stampOf('a', 0, 1) })
    await engage(asker, offer, { stamp: stampOf('a', 0, 2) })
    await tellOf(asker, offer.id, { type: 'release', stamp: stampOf('a', 0, 1), host: 0, force: true })
    expect(worker.processes.map((process) => process.told)).toEqual([['SIGKILL'], []])
  })

  test('the earlier one starts nothing any more, though its order waits for processes to end', async () => {
    const { worker, asker, offer } = await pair({ slots: 4, dies: false })
    await engage(asker, offer, { stamp: stampOf('a', 0, 1) })
    const second = engage(asker, offer, { stamp: stampOf('a', 0, 2) })
    await eventually(() => worker.processes[0]?.told.length === 1)
    const third = engage(asker, offer, { stamp: stampOf('a', 0, 3) })
    await eventually(() => worker.processes[0]?.told.length === 2)
    worker.processes[0]?.end(WELL)
    await expect(second).rejects.toEqual(code('WORKER_FENCED'))
    await third
    expect(worker.living().length).toBe(1)
  })
})

describe('a worker that has just started', () => {
  test('obeys whoever holds the lease of a run, and nobody before', async () => {
    const { place, worker, asker, offer } = await pair()
    const first = await asker.takeLease('r', holder('first'))
    await first[Symbol.asyncDispose]()
    const second = await asker.takeLease('r', holder('second'))
    await expect(engage(asker, offer, { stamp: stampOf('r', first.epoch, 9) })).rejects.toMatchObject({
      code: 'WORKER_FENCED',
      details: { run: 'r', epoch: first.epoch, latest: second.epoch },
    })
    await engage(asker, offer, { stamp: stampOf('r', second.epoch, 1) })
    // What is known need not be asked for.
    await second[Symbol.asyncDispose]()
    await engage(asker, offer, { stamp: stampOf('r', second.epoch, 2) })
    expect(worker.living().length).toBe(1)
    void place
  })

  test('believes nobody an epoch that no lease has, and ends nothing for it', async () => {
    const { worker, asker, offer } = await pair()
    const lease = await asker.takeLease('r', holder('first'))
    await engage(asker, offer, { stamp: stampOf('r', lease.epoch, 1) })
    await engage(asker, offer, { stamp: stampOf('free', 0, 1), host: 1 })
    for (const [run, epoch] of [
      ['r', Number.MAX_SAFE_INTEGER],
      ['free', 7],
    ] as const) {
      // Whoever may fence hears of no refusal: it is in the log.
      await asker.requestAll(SUBJECTS.fence, stampOf(run, epoch, 1) as unknown as JsonValue, { patience: 50 })
      await eventually(() => worker.events.some(({ stamp }) => stamp?.run === run && stamp.epoch === epoch))
    }
    expect(worker.living().length).toBe(2)
    // The rightful one goes on.
    await engage(asker, offer, { stamp: stampOf('r', lease.epoch, 2) })
  })

  test('says for which later start it has ended a process, to its log and to the coordinator', async () => {
    const { worker, asker, offer, reports } = await pair()
    await engage(asker, offer, { stamp: stampOf('a', 0, 1) })
    const later = stampOf('a', 0, 2)
    await engage(asker, offer, { stamp: later })
    await eventually(() => reports.length > 0)
    const fenced = { type: 'fenced', stamp: stampOf('a', 0, 1), by: later, slot: 0, cores: [0], pid: 1 }
    expect(worker.events).toContainEqual(fenced)
    const lastWords = 'Its worker ended it, for run a, epoch 0, start 2.'
    expect(reports).toEqual([expect.objectContaining({ host: 0, end: expect.objectContaining({ lastWords }) })])
  })

  test('obeys nobody where the lease was given back', async () => {
    const { asker, offer } = await pair()
    const lease = await asker.takeLease('r', holder('first'))
    await lease[Symbol.asyncDispose]()
    await expect(engage(asker, offer, { stamp: stampOf('r', lease.epoch, 1) })).rejects.toEqual(code('WORKER_FENCED'))
  })

  test('refuses by name where it cannot ask', async () => {
    const { place, worker, asker, offer } = await pair({}, 'hasty')
    const lease = await asker.takeLease('r', holder('first'))
    // The order arrives, and then nobody is there any more.
    const order: EngageOrder = {
      type: 'engage',
      stamp: stampOf('r', lease.epoch, 1),
      session: 'asker',
      host: 0,
      sealed: '',
    }
    const asked = asker.request(SUBJECTS.worker(offer.id), order as unknown as JsonValue).catch(() => undefined)
    await Promise.resolve()
    place.goAway()
    await eventually(() => worker.events.length > 0)
    expect(worker.events).toEqual([{ type: 'refused', stamp: order.stamp, error: code('RENDEZVOUS_NO_ANSWER') }])
    expect(worker.processes).toEqual([])
    place.comeBack()
    await asked
  })
})

describe('a worker that leaves', () => {
  test('takes no more runs, and waits for those that it has and for their reports', async () => {
    const { worker, asker, reports, offer } = await pair()
    await engage(asker, offer, {})
    let hasLeft = false
    const leaving = worker.worker.leave().then(() => {
      hasLeft = true
    })
    expect(await worker.offer()).toMatchObject({ isLeaving: true })
    await expect(engage(asker, offer, { stamp: stampOf('b', 0, 1) })).rejects.toMatchObject({
      code: 'WORKER_BUSY',
      message: 'Worker w is about to leave.',
    })
    expect(hasLeft).toBe(false)
    worker.processes[0]?.end(WELL)
    await leaving
    expect(reports.length).toBe(1)
    expect(worker.processes.length).toBe(1)
  })

  test('stays until its reports have come', async () => {
    const { worker, asker, offer } = await pair()
    const [heard, replied] = [createDeferred<void>(), createDeferred<void>()]
    await asker.reply(SUBJECTS.session('slow'), async () => {
      heard.resolve()
      await replied.promise
      return {}
    })
    await engage(asker, offer, { session: 'slow' })
    const leaving = worker.worker.stop()
    await heard.promise
    expect(await worker.offer()).toMatchObject({ isLeaving: true, taken: [] })
    replied.resolve()
    await leaving
    expect(worker.events.map(({ type }) => type)).toEqual(['engaged', 'ended'])
  })

  test('is there no longer', async () => {
    const { worker, asker } = await pair()
    await worker.worker.leave()
    expect(await asker.requestAll(SUBJECTS.roll, {}, { patience: 10 })).toEqual([])
  })

  test('ends what it has when it must', async () => {
    const { worker, asker, offer } = await pair()
    await engage(asker, offer, {})
    await worker.worker.stop()
    expect(worker.processes[0]?.told).toEqual(['SIGKILL'])
  })
})
