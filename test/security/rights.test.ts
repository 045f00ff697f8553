import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFleet } from '../../src/actors/fleet/fleet.js'
import { SUBJECTS } from '../../src/actors/fleet/fleet-messages.js'
import { openFleetWorker } from '../../src/actors/fleet/fleet-worker.js'
import { ownVersions } from '../../src/actors/fleet/join-fleet.js'
import type { ProcessSpec } from '../../src/actors/supervision/cluster-spec.js'
import type { CoreWorkerEnd } from '../../src/actors/supervision/failure-report.js'
import { drawLinkSecrets } from '../../src/actors/supervision/links/link-secrets.js'
import { createDeferred } from '../../src/events/deferred.js'
import { AntidromeError } from '../../src/events/errors.js'
import { SUBJECT_RIGHTS, type SubjectNeed } from '../../src/rendezvous/nats/subjects.js'
import { openRendezvous } from '../../src/rendezvous/open-rendezvous.js'
import type { Rendezvous } from '../../src/rendezvous/rendezvous.js'
import { createSealKeys } from '../../src/rendezvous/seal.js'
import { reaching } from '../actors/fleet/fake-fleet.js'
import { holder, PATIENT } from '../suites/rendezvous-suite.js'
import { clusterSpec } from '../support/cluster-spec.js'
import { eventually } from '../support/eventually.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../support/nats-server.js'
import {
  type PageRight,
  passwordOf,
  REPLIES,
  readSecurityPage,
  rightsInConfig,
  userLacking,
  withUsers,
} from '../support/security-page.js'

const { rights, config } = readSecurityPage()
const BUCKET = 'checkpoints'
/** Of a checkpoint in several pieces. */
const LARGE = 300_000

/** Who of the configuration has which role, and the roles that it builds on. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  west: ['worker'],
  east: ['worker'],
  ada: ['coordinator'],
  ben: ['coordinator', 'coordinator with checkpoints'],
  operator: ['coordinator', 'coordinator with checkpoints', 'operator'],
}

const filled = (subject: string, user: string) => subject.replace('<user>', user).replace('<bucket>', BUCKET)

describe('SECURITY.md', () => {
  test('has a configuration that gives each user the rights of its roles in the table, and no others', () => {
    const found = rightsInConfig(config)
    expect([...found.keys()]).toEqual(Object.keys(USERS))
    for (const [user, roles] of Object.entries(USERS)) {
      const wanted = rights.filter(({ role }) => roles.includes(role))
      expect([...(found.get(user) ?? [])].sort()).toEqual(
        wanted.map(({ operation, subject }) => `${operation} ${filled(subject, user)}`).sort(),
      )
    }
  })

  test('lists what leases and buckets need', () => {
    const needs: readonly SubjectNeed[] = ['lease', 'make leases', 'read bucket', 'write bucket', 'make bucket']
    // What paces the reader of a large object are requests, which `allow_responses` lets him reply to.
    const isReply = (subject: string) => subject.startsWith('$JS.FC.')
    const needed = SUBJECT_RIGHTS.filter(({ need, subject }) => needs.includes(need) && !isReply(subject))
    const listed = rights.map(({ operation, subject }) => `${operation} ${subject}`)
    for (const { operation, subject } of needed)
      expect(listed).toContain(`${operation} ${subject.replace('<inbox>', '_INBOX.<user>')}`)
  })
})

/** Rights of which the lack shows in a run whose links are dialled. */
const SHOWN = rights.filter(
  ({ role, subject }) => (role === 'worker' || role.startsWith('coordinator')) && !subject.includes('CONSUMER.DELETE'),
)

const cases = SHOWN.map((right, k) => {
  const original = right.role === 'worker' ? 'west' : 'ben'
  return { ...right, original, user: `lacking${k}` }
})

const everybody = withUsers(
  config,
  cases.map(({ operation, subject, original, user }) =>
    userLacking(config, original, user, `${operation} ${filled(subject, original)}`),
  ),
)

describeWithNats('the users of SECURITY.md', () => {
  let server: NatsServer
  const join = (user: string) =>
    openRendezvous({ servers: server.url, name: 'test', credentials: { user, password: passwordOf(user) } }, PATIENT)

  beforeAll(async () => {
    const passwords = cases.reduce(
      (text, { user, original }) =>
        text.replace(
          `user: ${user}, password: "change me, ${original}"`,
          `user: ${user}, password: "change me, ${user}"`,
        ),
      everybody,
    )
    server = await startNatsServer({ config: passwords })
    await using operator = await join('operator')
    await operator.makeBucket(BUCKET, 1 << 30)
    await (await operator.takeLease('first', holder('operator')))[Symbol.asyncDispose]()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each(['ada', 'ben'])('do a whole run: %s', async (user) => {
    await using west = await join('west')
    await using coordinator = await join(user)
    const told = listen(west, coordinator)
    await wholeRun(west, coordinator, { run: user, hasCheckpoints: user === 'ben' }, told)
    expect(told.denied).toEqual([])
    expect(told.codes).toEqual([])
  })

  test.each(cases)('are told what they lack: $role without $operation $subject', async (each) => {
    const { user, original, operation, subject, lack } = each
    const west = await join(original === 'west' ? user : 'west')
    const coordinator = await join(original === 'ben' ? user : 'ben')
    const told = listen(west, coordinator)
    const run = wholeRun(west, coordinator, { run: user, hasCheckpoints: true }, told).catch((error: unknown) => {
      told.codes.push(error instanceof AntidromeError ? error.code : String(error))
    })
    await eventually(() => told.denied.some((denied) => isOf(denied, { operation, subject }, user)))
    if (/^[A-Z_]+$/.test(lack)) await eventually(() => told.codes.includes(lack))
    // Nothing waits for what cannot come.
    await west[Symbol.asyncDispose]()
    await coordinator[Symbol.asyncDispose]()
    await run
  })

  function isOf(
    denied: string,
    { operation, subject }: Pick<PageRight, 'operation' | 'subject'>,
    user: string,
  ): boolean {
    const own = subject === REPLIES ? '_INBOX.' : filled(subject, user).replace(/[.*>]+$/, '')
    return denied.startsWith(`${operation} ${own}`)
  }

  const DENIED = { code: 'RENDEZVOUS_DENIED' }
  const nobody = async () => ({})

  test.each(['west', 'east'])('cannot do what is not theirs: the worker %s', async (user) => {
    const [other = ''] = ['west', 'east'].filter((each) => each !== user)
    await using worker = await join(user)
    const orders = [SUBJECTS.roll, SUBJECTS.fence, SUBJECTS.worker(`${other}.1`), SUBJECTS.worker(`${user}.1`)]
    for (const subject of [...orders, '_INBOX.ben.1'])
      await expect(worker.request(subject, {})).rejects.toMatchObject(DENIED)
    const ears = ['_INBOX.ben.>', `_INBOX.${other}.>`, '_INBOX.>', '>', 'antidrome.>', 'antidrome.worker.*']
    for (const subject of [...ears, SUBJECTS.worker(`${other}.1`), SUBJECTS.session('ben.1'), '$KV.antidrome-leases.>'])
      await expect(worker.reply(subject, nobody)).rejects.toMatchObject(DENIED)
    await expect(worker.takeLease('mine', holder(user))).rejects.toMatchObject(DENIED)
    await expect(worker.bucket(BUCKET)).rejects.toMatchObject({ code: 'STORE_DENIED' })
    await expect(worker.makeBucket('mine', 1000)).rejects.toMatchObject({ code: 'STORE_DENIED' })
  })

  test('cannot do what is not theirs: coordinators', async () => {
    await using ada = await join('ada')
    await using ben = await join('ben')
    for (const subject of [
      '_INBOX.ben.>',
      '_INBOX.west.>',
      'antidrome.worker.>',
      SUBJECTS.roll,
      SUBJECTS.session('ben.1'),
    ])
      await expect(ada.reply(subject, nobody)).rejects.toMatchObject(DENIED)
    await expect(ada.takeLease('mine', holder('ada'))).rejects.toMatchObject(DENIED)
    await expect(ada.bucket(BUCKET)).rejects.toMatchObject({ code: 'STORE_DENIED' })
    await expect(ben.bucket('of-others')).rejects.toMatchObject({ code: 'STORE_DENIED' })
    await expect(ben.makeBucket('of-others', 1000)).rejects.toMatchObject({ code: 'STORE_DENIED' })
  })
})

/** What the server refused, and codes of errors that were told. */
interface Told {
  readonly denied: string[]
  readonly codes: string[]
}

function listen(...members: readonly Rendezvous[]): Told {
  const told: Told = { denied: [], codes: [] }
  for (const { status$ } of members) {
    status$.subscribe((status) => {
      if (status.kind === 'denied') told.denied.push(`${status.operation} ${status.subject}`)
    })
  }
  return told
}

/** Everything that a worker and a coordinator say at a server in a run that starts twice, with a process that does nothing. */
async function wholeRun(
  west: Rendezvous,
  coordinator: Rendezvous,
  { run, hasCheckpoints }: { readonly run: string; readonly hasCheckpoints: boolean },
  { codes }: Told,
): Promise<void> {
  const lease = hasCheckpoints ? await coordinator.takeLease(`${BUCKET}/${run}`, holder('coordinator')) : undefined
  if (hasCheckpoints) {
    const bucket = await coordinator.bucket(BUCKET)
    await bucket.create(run, new Uint8Array(LARGE))
    expect(await bucket.names(run)).toEqual([run])
    expect((await bucket.read(run)).length).toBe(LARGE)
    await bucket.remove(run)
  }
  const worker = await openFleetWorker({
    rendezvous: west,
    identity: { id: `${west.user}.1`, name: 'west', machine: 'here', pid: 1, versions: ownVersions() },
    condition: () => ({ hardwareThreads: 1, load: 0, freeMemory: 1, clock: 0, uptime: 0 }),
    slots: 1,
    listenerOf: () => ({ host: '127.0.0.1' }),
    server: { servers: 'nats://127.0.0.1' },
    sealKeys: await createSealKeys(),
    onEvent: (event) => {
      if ('error' in event) codes.push(event.error instanceof AntidromeError ? event.error.code : event.error.message)
    },
    launch: idleProcess,
  })
  const fleet = await openFleet({
    rendezvous: coordinator,
    processes: 1,
    wait: 600_000,
    lease,
    versions: ownVersions(),
    insecure: false,
    carrier: reaching(() => true),
    onNote: () => undefined,
  })
  for (const _start of [1, 2]) {
    const launcher = await fleet.openLauncher({ spec: SPEC, secrets: drawLinkSecrets(), deal: () => [[0]] })
    // Nobody says a word there.
    for (const control of launcher.controls) await expect(control).rejects.toBeInstanceOf(AntidromeError)
    for (const coreWorker of launcher.coreWorkers) {
      coreWorker.kill()
      expect(await coreWorker.ended).toMatchObject({ signal: 'SIGKILL' })
    }
  }
  await fleet[Symbol.asyncDispose]()
  await lease?.[Symbol.asyncDispose]()
  await worker.leave()
}

function idleProcess(_spec: ProcessSpec) {
  const ended = createDeferred<CoreWorkerEnd>()
  const end = () => ended.resolve({ exitCode: null, signal: 'SIGKILL', lastWords: '' })
  return {
    id: 7,
    ended: ended.promise,
    dismiss: () => undefined,
    terminate: end,
    kill: end,
    door: Promise.resolve({ url: 'ws://127.0.0.1:1', security: null }),
  }
}

const SPEC = clusterSpec({ kernel: 'reference', startLimit: 1 })
