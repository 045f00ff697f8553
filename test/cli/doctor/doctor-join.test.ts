import { chmodSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type EngageOrder, SUBJECTS, type WorkerOffer } from '../../../src/actors/fleet/fleet-messages.js'
import { ownVersions } from '../../../src/actors/fleet/join-fleet.js'
import { readSealedSpec } from '../../../src/actors/fleet/read-messages.js'
import type { ListenerAddress } from '../../../src/actors/supervision/cluster-spec.js'
import { bytesInWords } from '../../../src/cli/doctor/byte-count.js'
import type { BucketWishes } from '../../../src/cli/doctor/doctor-flags.js'
import { checkClock } from '../../../src/cli/doctor/join/clock-check.js'
import { runJoinChecks } from '../../../src/cli/doctor/join/join-checks.js'
import { JOIN_LIMITS, type JoinLimits } from '../../../src/cli/doctor/join/join-limits.js'
import type { SelfCheck } from '../../../src/cli/doctor/self-check.js'
import { createDeferred } from '../../../src/events/deferred.js'
import type { JoinOptions } from '../../../src/rendezvous/join-options.js'
import type { JsonValue } from '../../../src/rendezvous/json-value.js'
import { openRendezvous } from '../../../src/rendezvous/open-rendezvous.js'
import { createSealKeys } from '../../../src/rendezvous/seal.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { PATIENT } from '../../suites/rendezvous-suite.js'
import { createAuthority } from '../../support/certificates.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../../support/nats-server.js'
import { createFiles, jsonLines, run } from '../run-in-process.js'

/** For what comes, however long the machine takes. */
const NOON = Date.UTC(2024, 4, 1, 12)
const LIMITS: JoinLimits = { ...JOIN_LIMITS, greeting: 600_000, trip: 600_000, numbers: PATIENT, now: () => NOON }
/** For those that say nothing. */
const BRIEF: JoinLimits = { ...LIMITS, greeting: 200 }
const check = (join: JoinOptions, wishes: BucketWishes = NOTHING, limits = LIMITS) =>
  runJoinChecks(join, wishes, limits)

const NOTHING = { place: null, made: null }
const PLACE = { kind: 'object', bucket: 'things', prefix: null } as const

const named = (checks: readonly SelfCheck[], name: string) => {
  const check = checks.find((each) => each.check === name)
  if (check === undefined) throw new Error(`no check ${name} among ${checks.map((each) => each.check).join(', ')}`)
  return check
}
const failed = (checks: readonly SelfCheck[]) => checks.filter(({ ok }) => !ok).map(({ check }) => check)

describe('doctor --join', () => {
  test.each([
    [['--join', 'nats://a:b@host'], 'JOIN_URL_INVALID'],
    [['--join', 'http://host'], 'JOIN_URL_INVALID'],
    [['--make-bucket', 'things', '--bucket-size', '1GB'], 'FLAG_CONFLICT'],
    [['--checkpoint', 'object:things'], 'FLAG_CONFLICT'],
    [['--creds', 'file'], 'FLAG_CONFLICT'],
    [['--dial'], 'FLAG_CONFLICT'],
    [['yin-yang', '--dial'], 'FLAG_CONFLICT'],
    [['--join', 'nats://host', '--make-bucket', 'things'], 'FLAG_CONFLICT'],
    [['--join', 'nats://host', '--bucket-size', '1GB'], 'FLAG_CONFLICT'],
    [['--join', 'nats://host', '--checkpoint', 'folder'], 'FLAG_VALUE'],
    [['--join', 'nats://host', '--make-bucket', 'x', '--bucket-size', '10 GB'], 'FLAG_VALUE'],
    [['--join', 'nats://host', '--make-bucket', 'x', '--bucket-size', '0'], 'FLAG_VALUE'],
  ])('refuses %j', async (flags, code) => {
    const { code: exit, err } = await run('doctor', ...flags)
    expect(exit).toBe(2)
    expect(err).toContain(`[${code}]`)
  })

  test('says that nobody listens, and that a name is none', async () => {
    const { code, out, err } = await run('doctor', '--join', 'nats://127.0.0.1:1')
    expect(code).toBe(1)
    expect(err).toContain('[SELF_CHECK_FAILED]')
    expect(out).toContain('no process listens there')
    expect(out).toMatch(/^server nats:\/\/127\.0\.0\.1:1: Start the server/m)
    const checks = await check({ servers: 'nats://nowhere.invalid' })
    expect(failed(checks)).toEqual(['name nowhere.invalid'])
  })

  test('says that something else listens, or something that says nothing', async () => {
    for (const greeting of ['HTTP/1.1 400 Bad Request\r\n\r\n', 'INFO {"no": 1}\r\n', 'INFO not JSON\r\n', '']) {
      const server = createServer((socket) => void socket.on('error', () => undefined).write(greeting))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      const checks = await check({ servers: `nats://127.0.0.1:${port}` }, NOTHING, BRIEF)
      expect(failed(checks)).toEqual([`server nats://127.0.0.1:${port}`])
      expect(checks.find(({ ok }) => !ok)?.found).toMatch(greeting === '' ? /said nothing/ : /not what a NATS server/)
      server.close()
    }
  })

  test('compares clocks to within a minute, by the span in which the other one was read', () => {
    const span = { from: 1_000_000, to: 1_010_000 }
    const skewOf = (clock: number) => checkClock('x', clock, span)
    for (const clock of [940_000, 1_000_000, 1_005_000, 1_070_000]) expect(skewOf(clock).ok).toBe(true)
    for (const clock of [939_999, 1_070_001]) expect(skewOf(clock)).toMatchObject({ ok: false, check: 'clock of x' })
    expect(skewOf(1_010_000 + 5 * 3_600_000).found).toContain('5 h ahead')
    expect(skewOf(1_000_000 - 72 * 3_600_000).found).toContain('3 days behind')
  })

  test('writes sizes for people', () => {
    expect([999, 1000, 1_500_000, 10e9].map(bytesInWords)).toEqual(['999 bytes', '1 KB', '1.5 MB', '10 GB'])
  })
})

describeWithNats('doctor --join at a server', () => {
  const RIGHTS = (user: string, publish: readonly string[]) =>
    `{ user: ${user}, password: secret, permissions: {
      publish: { allow: ${JSON.stringify(publish)} }, subscribe: { allow: ["_INBOX.${user}.>", "antidrome.session.${user}.>"] } } }`

  test('finds everything in order, makes a bucket, and finds it there', async () => {
    await using server = await startNatsServer()
    const join = ['--join', server.url]
    const first = await run('doctor', ...join, '--make-bucket', 'things', '--bucket-size', '100MB', '--json')
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(jsonLines(first.out)).toContainEqual(
      expect.objectContaining({ check: 'make bucket things', ok: true, found: 'made, for at most 100 MB' }),
    )
    const again = await run('doctor', ...join, '--make-bucket', 'things', '--bucket-size', '100MB')
    expect(again.code).toBe(1)
    expect(again.out).toContain('BUCKET_EXISTS')
    const checks = await check({ servers: server.url }, { place: PLACE, made: null })
    expect(failed(checks)).toEqual([])
    expect(checks.map(({ check }) => check)).toContain('clock of the server')
    expect(named(checks, 'workers').found).toBe('none yet')
    await using operator = await openRendezvous({ servers: server.url, name: 'test' })
    expect(await (await operator.bucket('things')).names('')).toEqual([])
  })

  test('says which bucket is missing, and that there is no JetStream', async () => {
    await using server = await startNatsServer()
    const checks = await check({ servers: server.url }, { place: PLACE, made: null })
    expect(failed(checks)).toEqual(['bucket things'])
    expect(named(checks, 'bucket things')).toMatchObject({ found: expect.stringContaining('BUCKET_MISSING') })
    await using bare = await startNatsServer({ hasJetStream: false })
    const without = await check({ servers: bare.url }, { place: PLACE, made: { name: 'things', bytes: 1000 } })
    expect(failed(without)).toEqual(['make bucket things', 'lease', 'bucket things'])
    for (const name of failed(without)) expect(named(without, name).found).toContain('JOIN_NO_JETSTREAM')
    // Runs without checkpoints do not need it.
    expect(failed(await check({ servers: bare.url }, NOTHING))).toEqual([])
  })

  test('says which right is missing, and who is refused', async () => {
    const all = ['antidrome.workers', 'antidrome.fence', 'antidrome.worker.>']
    const users = all.map((lacking, k) =>
      RIGHTS(`user${k}`, ['antidrome.nothing', ...all.filter((each) => each !== lacking)]),
    )
    await using server = await startNatsServer({ config: `authorization { users: [${users.join('\n')}] }` })
    const as = (user: string, password = 'secret') => ({ servers: server.url, credentials: { user, password } })
    const names = ['workers', 'fences', 'round trip to the server']
    for (const [k, name] of names.entries()) {
      const checks = await check(as(`user${k}`), NOTHING)
      expect(failed(checks)).toEqual([name])
      expect(named(checks, name).found).toContain('RENDEZVOUS_DENIED')
      expect(named(checks, name).remedy).toContain('right')
    }
    const leaseless = await check(as('user0'), { place: PLACE, made: null })
    expect(named(leaseless, 'lease').found).toContain('RENDEZVOUS_DENIED')
    expect(named(leaseless, 'bucket things').found).toContain('STORE_DENIED')
    const stranger = await check(as('user0', 'wrong'), NOTHING)
    expect(failed(stranger)).toEqual(['join'])
    expect(named(stranger, 'join').found).toContain('JOIN_CREDENTIALS')
    expect(JSON.stringify(stranger)).not.toContain('wrong')
  })

  describe('with TLS', () => {
    const authority = createAuthority()

    async function serve(
      hosts: readonly string[],
      years: { from: number; to: number },
      more = '',
    ): Promise<NatsServer> {
      const { cert, key } = authority.issue({ hosts, years })
      const files = { 'cert.pem': cert, 'key.pem': key }
      const config = `tls { cert_file: "<folder>/cert.pem", key_file: "<folder>/key.pem" ${more} }`
      return startNatsServer({ config, files, hasJetStream: false })
    }

    const NOW = { from: 2020, to: 2049 }

    test('looks at the names and dates of a certificate, with the local clock beside them', async () => {
      await using good = await serve(['localhost'], NOW)
      await using expired = await serve(['localhost'], { from: 2019, to: 2020 })
      await using early = await serve(['localhost'], { from: 2048, to: 2049 })
      await using foreign = await serve(['elsewhere'], NOW)
      const checkTls = (server: NatsServer, tls: { ca?: string; first?: boolean } = { ca: authority.cert }) =>
        check({ servers: `tls://localhost:${server.port}`, tls }, NOTHING)
      expect(failed(await checkTls(good))).toEqual([])
      for (const server of [expired, early]) {
        const url = `nats://localhost:${server.port}`.replace('nats', 'tls')
        const checks = await checkTls(server)
        expect(failed(checks)).toEqual([`dates of the certificate of ${url}`, 'join'])
        expect(named(checks, `dates of the certificate of ${url}`)).toMatchObject({
          found: expect.stringContaining('the local clock says'),
          remedy: expect.stringContaining('clock'),
        })
        expect(named(checks, 'join').found).toContain('JOIN_TLS')
      }
      const other = await checkTls(foreign)
      expect(failed(other)).toEqual([`certificate of tls://localhost:${foreign.port}`, 'join'])
      expect(named(other, `certificate of tls://localhost:${foreign.port}`).found).toContain('elsewhere')
      expect(failed(await checkTls(good, {}))).toEqual([`certificate of tls://localhost:${good.port}`, 'join'])
    })

    test('says that a server has none', async () => {
      await using server = await startNatsServer({ hasJetStream: false })
      const checks = await check({ servers: `tls://localhost:${server.port}` }, NOTHING)
      expect(failed(checks)).toEqual([`TLS of tls://localhost:${server.port}`, 'join'])
    })

    test('begins with it where that is asked for', async () => {
      await using server = await serve(['localhost'], NOW, ', handshake_first: true')
      const servers = `tls://localhost:${server.port}`
      const tls = { ca: authority.cert }
      expect(failed(await check({ servers, tls: { ...tls, first: true } }, NOTHING))).toEqual([])
      const silent = await check({ servers, tls }, NOTHING, BRIEF)
      expect(named(silent, `server ${servers}`)).toMatchObject({
        ok: false,
        remedy: expect.stringContaining('--tls-first'),
      })
    })
  })

  test('looks at each worker: its version, its clock, how far it is', async () => {
    await using server = await startNatsServer({ hasJetStream: false })
    await using member = await openRendezvous({ servers: server.url, name: 'workers' })
    const offer = (name: string, changes: Partial<WorkerOffer>): WorkerOffer => ({
      id: `workers.${name}`,
      name,
      machine: 'there',
      pid: 1,
      slots: 3,
      taken: [],
      isLeaving: false,
      isDialled: true,
      versions: ownVersions(),
      hardwareThreads: 1,
      load: 0,
      freeMemory: 1,
      sealKey: 'X',
      clock: NOON,
      uptime: 1,
      ...changes,
    })
    const offers = [
      offer('old', { versions: { ...ownVersions(), protocol: 1 } }),
      offer('good', {}),
      offer('late', { clock: NOON - 5 * 3_600_000 }),
      offer('silent', { id: 'workers.nobody' }),
    ]
    const replying: AsyncDisposable[] = []
    // The one that does not count for `enough` is heard first.
    const asked = createDeferred<void>()
    for (const each of offers) {
      replying.push(
        await member.reply(SUBJECTS.roll, async () => {
          if (each.name === 'old') asked.resolve()
          else await asked.promise.then(() => setImmediate())
          return each as unknown as JsonValue
        }),
      )
      if (each.name !== 'silent') replying.push(await member.reply(SUBJECTS.worker(each.id), async () => ({})))
    }
    const checks = await check({ servers: server.url }, NOTHING, {
      ...LIMITS,
      roll: 600_000,
      // Beside the one of another version.
      enough: (alike) => alike.length === 3,
    })
    expect(named(checks, 'workers').found).toBe('4, with 9 free slots')
    expect(failed(checks).sort()).toEqual(['clock of worker late', 'round trip to worker silent', 'worker old'])
    expect(named(checks, 'worker old')).toMatchObject({ found: expect.stringContaining('protocol 1') })
    expect(named(checks, 'clock of worker late').found).toContain('5 h behind')
    expect(named(checks, 'round trip to worker silent').found).toContain('RENDEZVOUS_NO_ANSWER')
    for (const each of replying) await each[Symbol.asyncDispose]()
  })

  describe('--dial', () => {
    /** What a door that is not a worker's says to a link, and where; closed when the test is over. */
    const tcp = async (onSocket: (socket: Socket) => void): Promise<{ port: number; close(): void }> => {
      const server = createServer((socket) => onSocket(socket.on('error', () => undefined)))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return { port: (server.address() as { port: number }).port, close: () => server.close() }
    }

    /** The checks of the ports of a worker that tells of the given door for its only slot. */
    async function dialled(door: ListenerAddress, limit: number, changes: Partial<WorkerOffer> = {}) {
      await using server = await startNatsServer({ hasJetStream: false })
      await using member = await openRendezvous({ servers: server.url, name: 'workers' })
      const sealKeys = await createSealKeys()
      const offer = {
        ...{ id: 'workers.w', name: 'w', machine: 'there', pid: 1, slots: 1, taken: [], isLeaving: false },
        ...{ isDialled: true, versions: ownVersions(), hardwareThreads: 1, load: 0, freeMemory: 1 },
        ...{ sealKey: sealKeys.publicKey, clock: NOON, uptime: 1, ...changes },
      } as unknown as JsonValue
      await using _roll = await member.reply(SUBJECTS.roll, async () => offer)
      let engaged: EngageOrder | null = null
      const released = createDeferred<unknown>()
      await using _orders = await member.reply(SUBJECTS.worker('workers.w'), async (body) => {
        const order = body as unknown as EngageOrder | { readonly type: 'release' }
        if (order.type === 'engage') {
          engaged = order
          return { door, pid: 7 } as unknown as JsonValue
        }
        if (engaged === null) return {}
        const { stamp, host, session, sealed } = engaged
        const { endSecret: secret } = readSealedSpec(sealKeys.open(sealed))
        const end = { exitCode: 0, signal: null, lastWords: '' }
        const ended = { type: 'ended', stamp, host, secret, end } as unknown as JsonValue
        // Who is told says so, before it leaves.
        member.request(SUBJECTS.session(session), ended).then(released.resolve, released.reject)
        return {}
      })
      const wishes = { ...NOTHING, dial: true }
      const limits = {
        ...LIMITS,
        roll: 600_000,
        enough: (offers: readonly unknown[]) => offers.length === 1,
        dial: limit,
      }
      const checks = await check({ servers: server.url }, wishes, limits)
      if (engaged !== null) await released.promise
      return { checks: checks.filter(({ check }) => check.startsWith('port')), engaged }
    }

    test('opens a link to the port of a slot, and lets go of it', async () => {
      const listener = await listenForLinks()
      const { checks } = await dialled({ url: listener.address, security: null }, 600_000)
      await listener.close()
      const place = listener.address.replace('ws://', '')
      expect(checks).toMatchObject([
        { check: `port ${place} of worker w`, ok: true, found: 'reached, not encrypted (--insecure)' },
      ])
    })

    test.each<[what: string, found: RegExp, remedy: RegExp, door: () => Promise<{ url: string; close(): void }>]>([
      [
        'refuses',
        /Refused: no process listens/,
        /--advertise .* router passes port \d+/,
        async () => {
          const { port, close } = await tcp(() => undefined)
          close()
          return { url: `wss://127.0.0.1:${port}`, close }
        },
      ],
      [
        'says nothing',
        /Timed out: no reply within 0\.2 s/,
        /port \d+ of there through the firewalls/,
        async () => {
          const { port, close } = await tcp(() => undefined)
          return { url: `wss://127.0.0.1:${port}`, close }
        },
      ],
      [
        'has no address',
        /The name has no address here/,
        /DNS or \/etc\/hosts/,
        async () => {
          return { url: 'wss://nowhere.invalid:7000', close: () => undefined }
        },
      ],
      [
        'has another key',
        /LINK_KEY_WRONG/,
        /./,
        async () => {
          const listener = await listenForLinks({ tls: { kind: 'psk', secretOf: () => 'ab'.repeat(32) } })
          return { url: listener.address, close: () => void listener.close() }
        },
      ],
      [
        'does not encrypt',
        /does not encrypt/,
        /listens for encrypted links/,
        async () => {
          const { port, close } = await tcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
          return { url: `wss://127.0.0.1:${port}`, close }
        },
      ],
    ])('says of a port that %s what it found, and what to do', async (what, found, remedy, open) => {
      const { url, close } = await open()
      const { checks } = await dialled({ url, security: 'psk' }, what === 'says nothing' ? 200 : 600_000)
      close()
      const place = url.replace('wss://', '')
      expect(checks).toMatchObject([{ check: `port ${place} of worker w`, ok: false }])
      expect(checks[0]!.found).toMatch(found)
      expect(checks[0]!.remedy).toMatch(remedy)
    })

    test('starts nothing where nobody can dial, nor where no slot is free', async () => {
      for (const changes of [{ isDialled: false }, { isLeaving: true }, { slots: 0 }]) {
        const { checks, engaged } = await dialled({ url: 'ws://127.0.0.1:1', security: null }, 600_000, changes)
        expect(checks).toMatchObject([{ check: 'ports of worker w', ok: true, found: expect.stringMatching(/not/) }])
        expect(engaged).toBeNull()
      }
    })
  })

  test('keeps passwords to itself', async () => {
    using files = createFiles()
    const password = files.write('password', 'hunter2\n')
    await using server = await startNatsServer({ config: 'authorization { user: me, password: hunter2 }' })
    const argv = ['doctor', '--join', server.url, '--user', 'me', '--password-file', password]
    chmodSync(password, 0o600)
    const { code, out, err } = await run(...argv)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    chmodSync(password, 0o640)
    const told = `${password} (--password-file) is open to others: found mode 0640, expected 0600. Type chmod 600 ${password}`
    expect((await run(...argv)).err).toBe(`antidrome: ${told}\n`)
    expect(out).toContain('as me')
    expect(out).not.toContain('hunter2')
  })
})
