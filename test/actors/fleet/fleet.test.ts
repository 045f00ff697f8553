import { describe, expect, test } from 'vitest'
import { type EngageOrder, type SealedSpec, SUBJECTS } from '../../../src/actors/fleet/fleet-messages.js'
import { createRemoteCoreWorker } from '../../../src/actors/fleet/remote-core-worker.js'
import { endCoreWorker, settlesWithin } from '../../../src/actors/supervision/core-worker.js'
import type { CoreWorkerEnd } from '../../../src/actors/supervision/failure-report.js'
import { createDeferred } from '../../../src/events/deferred.js'
import { RunError } from '../../../src/events/errors.js'
import type { JsonValue } from '../../../src/rendezvous/json-value.js'
import type { Lease } from '../../../src/rendezvous/lease.js'
import type { Rendezvous } from '../../../src/rendezvous/rendezvous.js'
import { createSealKeys } from '../../../src/rendezvous/seal.js'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'
import type { Port } from '../../../src/streams/links/port.js'
import { holder } from '../../suites/rendezvous-suite.js'
import { eventually } from '../../support/eventually.js'
import { board, engage, fakeFleet, fakeWorker, launcherOf, reaching, stampOf, WELL } from './fake-fleet.js'
import { offer, VERSIONS } from './offers.js'

const code = (name: string) => expect.objectContaining({ code: name })
const failureOf = (core: number) => new RunError({ code: 'CORE_DIED', message: 'Core died.', details: { core } })

/** Somebody who says that there is room, and does with orders as it likes. */
async function liar(
  place: ReturnType<typeof board>,
  name: string,
  obey: (order: EngageOrder, spec: SealedSpec) => Promise<JsonValue>,
  slots = 8,
) {
  const member = place.join(name)
  let [orders, releases] = [0, 0]
  const keys = await createSealKeys()
  const told = offer(name, { slots, sealKey: keys.publicKey })
  await member.reply(SUBJECTS.roll, async () => told as unknown as JsonValue)
  await member.reply(SUBJECTS.worker(name), async (body) => {
    const order = body as unknown as EngageOrder
    if (order.type !== 'engage') {
      releases++
      return {}
    }
    orders++
    return obey(order, JSON.parse(keys.open(order.sealed)) as SealedSpec)
  })
  return { orders: () => orders, releases: () => releases }
}

/** All listeners but these are open. */
const OPEN = reaching((url) => !url.includes('127.0.0.9'))

const busy = () => Promise.reject(new RunError({ code: 'WORKER_BUSY', message: 'There is no slot after all.' }))

describe('a start', () => {
  test('engages a process per share of the cores, with the secrets of its links alone', async () => {
    const place = board()
    const [a, b] = [await fakeWorker(place, 'a', { slots: 1 }), await fakeWorker(place, 'b', { slots: 1 })]
    const launcher = await launcherOf(await fakeFleet(place), 4)
    expect(launcher.coreWorkers.map(({ cores, id, worker }) => ({ cores, id, worker }))).toEqual([
      { cores: [0, 2], id: 1, worker: { name: 'a', machine: 'host-a', run: expect.any(String), epoch: 0 } },
      { cores: [1, 3], id: 1, worker: { name: 'b', machine: 'host-b', run: expect.any(String), epoch: 0 } },
    ])
    expect(a.processes[0]?.spec.cores).toEqual(launcher.secrets.held([0, 2]))
    expect(b.processes[0]?.spec.cores).toEqual(launcher.secrets.held([1, 3]))
    expect(launcher.controls.length).toBe(4)
  })

  test('learns of the ends of its processes', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a')
    const launcher = await launcherOf(await fakeFleet(place))
    const end = { exitCode: 1, signal: null, lastWords: 'oh' }
    a.processes[1]?.end(end)
    expect(await launcher.coreWorkers[1]?.ended).toEqual(end)
  })

  test('believes of the end of a process only the worker that holds it, and warns of others once', async () => {
    const place = board()
    await fakeWorker(place, 'a', { slots: 1 })
    const honest = place.join('reporter')
    const orders: (EngageOrder & Pick<SealedSpec, 'endSecret'>)[] = []
    const obey = async (order: EngageOrder, { endSecret }: SealedSpec) => {
      orders.push({ ...order, endSecret })
      return { door: { url: 'ws://127.0.0.1:1', security: null }, pid: 1 }
    }
    await liar(place, 'liar', obey, 1)
    const coordinator = await fakeFleet(place)
    const launcher = await launcherOf(coordinator)
    const [own] = orders
    if (own === undefined) throw new Error('nothing was ordered')
    const { stamp, session, host, endSecret: secret } = own
    const say = (words: object) =>
      honest.request(SUBJECTS.session(session), {
        type: 'ended',
        stamp,
        host,
        secret,
        end: WELL,
        ...words,
      } as unknown as JsonValue)
    const other = 1 - host
    const forged: readonly object[] = [
      { host: other },
      { host: other, secret: '' },
      { host: other, secret: `${secret}${secret}` },
      { host: 99 },
      { host: 98 },
      { secret: secret.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
    ]
    for (const words of forged) await expect(say(words)).rejects.toEqual(code('REPORT_REFUSED'))
    const late = createDeferred<'pending'>()
    setImmediate(() => late.resolve('pending'))
    const ends = launcher.coreWorkers.map(({ ended }) => ended)
    expect(await Promise.race([...ends, late.promise])).toBe('pending')
    // Once for each process, and once for all that there are none of.
    expect(coordinator.notes.map((note) => /process \d+/.exec(note)?.[0])).toEqual([
      `process ${other}`,
      'process 99',
      `process ${host}`,
    ])
    expect(coordinator.notes[0]).toContain('which worker a on host-a holds')
    await say({})
    expect(await launcher.coreWorkers[host]?.ended).toEqual(WELL)
  })

  test('passes over a worker that has fewer slots than it said, and begins with others', async () => {
    const place = board()
    const lying = await liar(place, 'liar', busy)
    const a = await fakeWorker(place, 'a')
    const coordinator = await fakeFleet(place)
    const launcher = await launcherOf(coordinator)
    expect(launcher.coreWorkers.map(({ worker }) => worker?.name)).toEqual(['a', 'a'])
    expect(lying.orders()).toBeGreaterThan(0)
    expect(coordinator.notes).toContain(
      'Worker worker liar on host-liar was asked and is passed over: There is no slot after all.',
    )
    expect(a.living().length).toBe(2)
  })

  test('passes over a worker that never replies, and leaves nothing of what others had begun', async () => {
    const place = board('hasty')
    await liar(place, 'liar', () => new Promise(() => undefined))
    const a = await fakeWorker(place, 'a', { slots: 9 })
    const launcher = await launcherOf(await fakeFleet(place, { processes: 9 }), 9)
    expect(new Set(launcher.coreWorkers.map(({ worker }) => worker?.name))).toEqual(new Set(['a']))
    expect(a.processes.length).toBeGreaterThan(9)
    expect(a.living()).toEqual(a.processes.slice(-9))
  })

  test.each([
    { door: { url: 'ws://192.0.2.1:1', security: null }, insecure: false, isTaken: false },
    { door: { url: 'ws://192.0.2.1:1', security: null }, insecure: true, isTaken: true },
    { door: { url: 'wss://192.0.2.1:1', security: 'psk' }, insecure: false, isTaken: true },
    { door: { url: 'ws://127.0.0.1:1', security: null }, insecure: false, isTaken: true },
  ])(
    'takes links in the clear within a machine alone, unless told otherwise: %j',
    async ({ door, insecure, isTaken }) => {
      const place = board()
      await liar(place, 'liar', async () => ({ door, pid: 1 }))
      const opening = launcherOf(await fakeFleet(place, { processes: 1, insecure }), 1)
      if (isTaken) expect((await opening).coreWorkers.length).toBe(1)
      else await expect(opening).rejects.toEqual(code('WORKER_INSECURE'))
    },
  )

  test('puts workers aside that cannot be dialled, however many, says so once, and begins with others', async () => {
    const place = board()
    const shut = await Promise.all(
      ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11'].map((name) =>
        fakeWorker(place, name, { host: '127.0.0.9', slots: 4 }),
      ),
    )
    const [a, b] = [await fakeWorker(place, 'a', { slots: 1 }), await fakeWorker(place, 'b', { slots: 1 })]
    const coordinator = await fakeFleet(place, { carrier: OPEN })
    const launcher = await launcherOf(coordinator)
    expect(launcher.coreWorkers.map(({ worker }) => worker?.name)).toEqual(['a', 'b'])
    const told = shut.map((_, k) => `Worker s${k + 1} on host-s${k + 1} is passed over: `)
    expect(
      coordinator.notes
        .map((note) => told.findIndex((begin) => note.startsWith(begin)))
        .sort((one, other) => one - other),
    ).toEqual([...told.keys()])
    expect(coordinator.notes[0]).toMatch(/passed over: A link to 127\.0\.0\.9:\d+ cannot be opened: it is shut\.$/)
    await eventually(() => shut.every(({ living }) => living().length === 0))
    expect([a, b].map(({ living }) => living().length)).toEqual([1, 1])
    // Once lost, it is replaced by others before it is by those.
    await fakeWorker(place, 'c', { slots: 1 })
    a.member.part()
    const again = await launcherOf(coordinator)
    expect(again.coreWorkers.map(({ worker }) => worker?.name).sort()).toEqual(['b', 'c'])
    expect(coordinator.notes.length).toBe(11)
  })

  test.each([1, 2])(
    'names those that cannot be dialled where the others do not suffice, in start %i',
    async (start) => {
      const place = board()
      const a = await fakeWorker(place, 'a', { slots: 2 })
      const coordinator = await fakeFleet(place, { carrier: OPEN, spareWait: 1 })
      if (start === 2) {
        await launcherOf(coordinator)
        a.member.part()
      } else await a.worker.leave()
      await fakeWorker(place, 'west', { host: '127.0.0.9' })
      await fakeWorker(place, 'east', { host: '127.0.0.9' })
      await expect(launcherOf(coordinator)).rejects.toMatchObject({
        code: 'WORKERS_UNREACHABLE',
        message: expect.stringMatching(
          /not counted is (west|east) on host-\1: .*127\.0\.0\.9:.*; not counted is .*--advertise/,
        ),
        details: {
          found: 0,
          expected: start === 1 ? 2 : 1,
          unreachable: expect.stringMatching(/^(west, east|east, west)$/),
        },
      })
    },
  )

  test('holds it against no address that a process has ended before it could be dialled', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a')
    let isKilled = false
    const carrier = reaching(() => {
      if (isKilled) return true
      isKilled = true
      a.processes[0]?.end({ exitCode: null, signal: 'SIGKILL', lastWords: '' })
      return false
    })
    const coordinator = await fakeFleet(place, { carrier })
    const launcher = await launcherOf(coordinator)
    expect(launcher.coreWorkers.length).toBe(2)
    expect(coordinator.notes).toEqual([
      'Worker a on host-a was asked and is passed over: Core 0, on worker a (host-a), died: signal SIGKILL.',
    ])
  })

  test('dials workers again as long as it waits, for their way may be open by then', async () => {
    const place = board()
    await fakeWorker(place, 'a')
    let dials = 0
    const carrier = reaching(() => ++dials > 2)
    const coordinator = await fakeFleet(place, { carrier, wait: 1e9, redial: 1 })
    const launcher = await launcherOf(coordinator)
    expect(launcher.coreWorkers.map(({ worker }) => worker?.name)).toEqual(['a', 'a'])
    expect([dials, coordinator.notes.length]).toEqual([4, 1])
  })

  test('is given up when everybody refuses', async () => {
    const place = board()
    const lying = await liar(place, 'liar', busy)
    await expect(launcherOf(await fakeFleet(place))).rejects.toEqual(code('WORKER_BUSY'))
    expect(lying.orders()).toBe(10)
    // Two for each choice: an order may have been heard all the same. The last ones may be on their way.
    expect(lying.releases()).toBeGreaterThanOrEqual(8)
  })

  test('is given up, and all that was begun ends, when it is interrupted', async () => {
    const place = board()
    await liar(place, 'liar', () => new Promise(() => undefined))
    const a = await fakeWorker(place, 'a', { slots: 9 })
    const controller = new AbortController()
    const opening = launcherOf(await fakeFleet(place, { processes: 9, signal: controller.signal }), 9)
    await eventually(() => a.processes.length > 0)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
    await eventually(() => a.living().length === 0)
  })

  test('leaves no link behind that nobody waits for, when it is interrupted while workers are dialled', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a')
    const controller = new AbortController()
    const reason = new Error('enough')
    const ports = [createMemoryPorts(queueMicrotask), createMemoryPorts(queueMicrotask)]
    const ends: string[] = []
    for (const { right } of ports) right.receive({ frame: () => undefined, end: ({ kind }) => void ends.push(kind) })
    const asked = createDeferred<void>()
    const go = createDeferred<void>()
    let dials = 0
    const dial = async () => {
      const port = ports[dials++]?.left as Port
      if (dials === 2) asked.resolve()
      await go.promise
      return port
    }
    const opening = launcherOf(await fakeFleet(place, { carrier: { dial }, signal: controller.signal }))
    await asked.promise
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
    go.resolve()
    await eventually(() => ends.length === 2)
    expect(a.living()).toEqual([])
  })

  test('is given up when it is interrupted while workers are waited for', async () => {
    const controller = new AbortController()
    const opening = launcherOf(await fakeFleet(board(), { wait: 1e9, signal: controller.signal }))
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
  })
})

describe('a start after a failure', () => {
  test('takes what is there, and ends whatever belongs to earlier ones', async () => {
    const place = board()
    const [a, b] = [await fakeWorker(place, 'a', { slots: 1 }), await fakeWorker(place, 'b', { slots: 1 })]
    const coordinator = await fakeFleet(place)
    await launcherOf(coordinator)
    a.member.part()
    const launcher = await launcherOf(coordinator)
    expect(launcher.coreWorkers.map(({ worker, cores }) => [worker?.name, cores])).toEqual([['b', [0, 1]]])
    expect(b.processes.map(({ told }) => told)).toEqual([['SIGKILL'], []])
    // It has not heard of anything.
    expect(a.living().length).toBe(1)
    a.member.heal()
    await launcherOf(coordinator)
    expect(a.processes.map(({ told }) => told)).toEqual([['SIGKILL'], []])
  })

  test('ends what a worker holds of an earlier one that comes back while workers are mustered', async () => {
    const place = board()
    const [a, b] = [await fakeWorker(place, 'a', { slots: 1 }), await fakeWorker(place, 'b', { slots: 1 })]
    const member = place.join('c')
    const requestAll: Rendezvous['requestAll'] = async (subject, ...rest) => {
      const replies = await member.requestAll(subject, ...rest)
      if (subject === SUBJECTS.fence) a.member.heal()
      return replies
    }
    const coordinator = await fakeFleet(place, { rendezvous: { ...member, requestAll } })
    await launcherOf(coordinator)
    a.member.part()
    const launcher = await launcherOf(coordinator)
    expect(launcher.coreWorkers.map(({ worker }) => worker?.name)).toEqual(['a', 'b'])
    expect([a, b].map(({ processes }) => processes.map(({ told }) => told))).toEqual([
      [['SIGKILL'], []],
      [['SIGKILL'], []],
    ])
  })

  test('leaves no process behind with a worker that was given up and is back when the run ends', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a')
    const coordinator = await fakeFleet(place, { processes: 1 })
    const launcher = await launcherOf(coordinator, 1)
    a.member.part()
    launcher.coreWorkers[0]?.kill()
    expect(await launcher.coreWorkers[0]?.ended).toMatchObject({ isOutOfReach: true })
    a.member.heal()
    expect(a.living().length).toBe(1)
    await coordinator.fleet[Symbol.asyncDispose]()
    expect(a.living()).toEqual([])
  })

  test('knows nothing of reports of earlier ones', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a', { dies: false })
    const coordinator = await fakeFleet(place, { processes: 1 })
    await launcherOf(coordinator, 1)
    const [first] = a.processes
    const again = launcherOf(coordinator, 1)
    await eventually(() => (first?.told.length ?? 0) > 0)
    first?.end(WELL)
    const launcher = await again
    a.processes.at(-1)?.end({ exitCode: 5, signal: null, lastWords: '' })
    expect(await launcher.coreWorkers[0]?.ended).toMatchObject({ exitCode: 5 })
  })

  test('takes no report of an earlier one that comes late for one of its own', async () => {
    const place = board()
    const orders: (EngageOrder & Pick<SealedSpec, 'endSecret'>)[] = []
    await liar(place, 'liar', async (order, { endSecret }) => {
      orders.push({ ...order, endSecret })
      return { door: { url: 'ws://127.0.0.1:1', security: null }, pid: 1 }
    })
    const coordinator = await fakeFleet(place, { processes: 1 })
    await launcherOf(coordinator, 1)
    const launcher = await launcherOf(coordinator, 1)
    const reporter = place.join('reporter')
    for (const { stamp, host, session, endSecret: secret } of orders) {
      const report = { type: 'ended', stamp, host, secret, end: { ...WELL, lastWords: `start ${stamp.start}` } }
      await reporter.request(SUBJECTS.session(session), report as unknown as JsonValue)
    }
    expect(await launcher.coreWorkers[0]?.ended).toMatchObject({ lastWords: 'start 2' })
  })

  test('waits for a spare, or fails by name', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a', { slots: 4 })
    const coordinator = await fakeFleet(place, { spareWait: 1 })
    await launcherOf(coordinator)
    a.member.part()
    await expect(launcherOf(coordinator)).rejects.toEqual(code('WORKERS_TOO_FEW'))
    const patient = await fakeFleet(place, { processes: 1, spareWait: 1e9 }, 'patient')
    a.member.heal()
    await launcherOf(patient, 1)
    a.member.part()
    const [launcher] = await Promise.all([launcherOf(patient, 1), fakeWorker(place, 'late')])
    expect(launcher.coreWorkers[0]?.worker?.name).toBe('late')
  })

  test('is given up where the user may not tell those of earlier ones', async () => {
    const place = board()
    await fakeWorker(place, 'a')
    const member = place.join('c')
    const denied = new RunError({ code: 'RENDEZVOUS_DENIED', message: 'Not this user.' })
    const requestAll: Rendezvous['requestAll'] = (subject, ...rest) =>
      subject === SUBJECTS.fence ? Promise.reject(denied) : member.requestAll(subject, ...rest)
    const coordinator = await fakeFleet(place, { rendezvous: { ...member, requestAll }, processes: 1 })
    await launcherOf(coordinator, 1)
    await expect(launcherOf(coordinator, 1)).rejects.toBe(denied)
  })

  test('names a rendezvous that stays away', async () => {
    const place = board('hasty')
    await fakeWorker(place, 'a')
    const coordinator = await fakeFleet(place, { spareWait: 1 })
    await launcherOf(coordinator)
    place.goAway()
    await expect(launcherOf(coordinator)).rejects.toEqual(code('RENDEZVOUS_NO_ANSWER'))
  })

  test('takes workers whose cores have failed again and again last', async () => {
    const place = board()
    await fakeWorker(place, 'a', { slots: 4 })
    await fakeWorker(place, 'b', { slots: 1 })
    const coordinator = await fakeFleet(place, { processes: 1 })
    const names: (string | undefined)[] = []
    for (let k = 0; k < 3; k++) {
      const launcher = await launcherOf(coordinator, 1)
      names.push(launcher.coreWorkers[0]?.worker?.name)
      for (const coreWorker of launcher.coreWorkers) coreWorker.kill()
      await launcher.coreWorkers[0]?.ended
      await launcher.close(failureOf(0))
    }
    expect(names).toEqual(['a', 'a', 'b'])
  })

  test('takes a worker that has sent what cannot be right last from then on', async () => {
    const place = board()
    await fakeWorker(place, 'a', { slots: 4 })
    await fakeWorker(place, 'b', { slots: 1 })
    const coordinator = await fakeFleet(place, { processes: 1 })
    const foul = new RunError({ code: 'CORE_FAILED', message: 'NaN.', details: { core: 0, field: 'run.emitted' } })
    const first = await launcherOf(coordinator, 1)
    expect(first.coreWorkers[0]?.worker?.name).toBe('a')
    await first.close(foul)
    expect((await launcherOf(coordinator, 1)).coreWorkers[0]?.worker?.name).toBe('b')
  })

  test('holds the failures of others against nobody', async () => {
    const place = board()
    await fakeWorker(place, 'a', { slots: 4 })
    await fakeWorker(place, 'b', { slots: 1 })
    const coordinator = await fakeFleet(place, { processes: 1 })
    for (const failure of [null, new Error('enough'), failureOf(7), null]) {
      const launcher = await launcherOf(coordinator, 1)
      expect(launcher.coreWorkers[0]?.worker?.name).toBe('a')
      for (const coreWorker of launcher.coreWorkers) coreWorker.kill()
      await launcher.coreWorkers[0]?.ended
      await launcher.close(failure)
    }
  })
})

describe('a run with a lease', () => {
  const leaseOf = (confirm: Lease['confirm'], epoch = 1): Lease => ({
    name: 'r',
    epoch,
    lost: new Promise(() => undefined),
    confirm,
    [Symbol.asyncDispose]: async () => undefined,
  })

  test('engages nobody once it is lost', async () => {
    const place = board()
    const a = await fakeWorker(place, 'a')
    const lost = new RunError({ code: 'LEASE_LOST', message: 'Somebody else has it.' })
    await expect(launcherOf(await fakeFleet(place, { lease: leaseOf(() => Promise.reject(lost)) }))).rejects.toBe(lost)
    expect(a.processes).toEqual([])
  })

  test('waits for whoever can confirm it as long as for a spare', async () => {
    const place = board()
    await fakeWorker(place, 'a')
    const away = new RunError({ code: 'RENDEZVOUS_NO_ANSWER', message: 'Nobody answers.' })
    const replies = [() => Promise.reject(away), async () => undefined]
    const held = await place.join('c').takeLease('r', holder('c'))
    const lease = leaseOf(() => (replies.shift() as () => Promise<void>)(), held.epoch)
    await launcherOf(await fakeFleet(place, { lease, wait: 1e9 }))
    const hasty = await fakeFleet(place, { lease: leaseOf(() => Promise.reject(away)) })
    await expect(launcherOf(hasty)).rejects.toBe(away)
  })

  test('is not led by two: whoever stood still meanwhile is refused by every worker', async () => {
    const place = board()
    const workers = [await fakeWorker(place, 'a'), await fakeWorker(place, 'b')]
    const one = place.join('one')
    const taken = await one.takeLease('r', holder('one'))
    const first = await fakeFleet(place, { lease: leaseOf(async () => undefined, taken.epoch) }, 'first')
    const stale = await launcherOf(first)
    await taken[Symbol.asyncDispose]()
    const lease = await one.takeLease('r', holder('two'))
    const second = await fakeFleet(place, { lease }, 'second')
    const launcher = await launcherOf(second)
    expect(workers.map(({ processes }) => processes.map(({ told }) => told))).toEqual([
      [['SIGKILL'], []],
      [['SIGKILL'], []],
    ])
    expect((await Promise.all(stale.coreWorkers.map(({ ended }) => ended))).map(({ signal }) => signal)).toEqual([
      'SIGKILL',
      'SIGKILL',
    ])
    // It believes that it leads the run, and has not asked.
    await expect(launcherOf(first)).rejects.toEqual(code('WORKER_FENCED'))
    // It asks each of them once.
    expect(first.notes.length).toBe(2)
    for (const coreWorker of stale.coreWorkers) coreWorker.kill()
    for (const { member, offer: offerOf } of workers) {
      const stamp = stampOf('r', taken.epoch, 99)
      await expect(engage(member, await offerOf(), { stamp })).rejects.toEqual(code('WORKER_FENCED'))
    }
    expect(workers.map(({ living }) => living().length)).toEqual([1, 1])
    expect(launcher.coreWorkers.length).toBe(2)
  })
})

describe('a process that a worker holds', () => {
  /** A process of a worker that is not there. */
  const goneCoreWorker = (rendezvous = board().join('c')) =>
    createRemoteCoreWorker({
      rendezvous,
      offer: offer('gone', { versions: VERSIONS }),
      stamp: stampOf('a', 0, 1),
      host: 0,
      cores: [0],
      pid: 7,
      ended: createDeferred<CoreWorkerEnd>(),
    })

  test.each(['killed', 'looked for', 'ended in order'])(
    'is given up when nobody replies for it any more: %s',
    async (how) => {
      const coreWorker = goneCoreWorker()
      if (how === 'killed') coreWorker.kill()
      else if (how === 'looked for') coreWorker.look?.()
      else await endCoreWorker(coreWorker, { dismissed: 0, terminated: 0 })
      expect(await coreWorker.ended).toEqual({ exitCode: null, signal: null, lastWords: '', isOutOfReach: true })
    },
  )

  test('goes on when it is looked for and its worker is there, which is asked once', async () => {
    const asked: JsonValue[] = []
    const requestAll: Rendezvous['requestAll'] = async (_subject, body) => {
      asked.push(body)
      return [{}]
    }
    const coreWorker = goneCoreWorker({ ...board().join('c'), requestAll })
    for (let looks = 0; looks < 3; looks++) coreWorker.look?.()
    expect(await settlesWithin(coreWorker.ended, 20)).toBe(false)
    expect(asked).toEqual([{ type: 'look', stamp: stampOf('a', 0, 1) }])
  })

  test('is not given up as nobody can be asked', async () => {
    const away = new RunError({ code: 'RENDEZVOUS_NO_ANSWER', message: 'The server is away.' })
    const coreWorker = goneCoreWorker({ ...board().join('c'), requestAll: () => Promise.reject(away) })
    coreWorker.look?.()
    expect(await settlesWithin(coreWorker.ended, 20)).toBe(false)
  })

  test('is given up when the worker has heard, and does not report', async () => {
    const place = board()
    await fakeWorker(place, 'a', { dies: false })
    const launcher = await launcherOf(await fakeFleet(place))
    await Promise.all(
      launcher.coreWorkers.map((coreWorker) => endCoreWorker(coreWorker, { dismissed: 0, terminated: 0 })),
    )
    for (const { ended } of launcher.coreWorkers) expect(await ended).toMatchObject({ isOutOfReach: true })
  })

  test.each([
    { way: 'terminate', told: 'SIGTERM' },
    { way: 'kill', told: 'SIGKILL' },
  ] as const)('ends as it is told: $told', async ({ way, told }) => {
    const place = board()
    const a = await fakeWorker(place, 'a')
    const launcher = await launcherOf(await fakeFleet(place))
    launcher.coreWorkers[1]?.dismiss()
    launcher.coreWorkers[1]?.[way]()
    expect(await launcher.coreWorkers[1]?.ended).toEqual({ exitCode: null, signal: told, lastWords: '' })
    expect(a.processes.map((process) => process.told)).toEqual([[], [told]])
  })
})
