import { networkInterfaces } from 'node:os'
import { nkeys } from '@nats-io/transport-node'
import { describe, expect, test } from 'vitest'
import { InputError, RunError } from '../../src/events/errors.js'
import type { JoinOptions } from '../../src/rendezvous/join-options.js'
import { openRendezvous } from '../../src/rendezvous/open-rendezvous.js'
import { holder, PATIENT } from '../suites/rendezvous-suite.js'
import { createAuthority } from '../support/certificates.js'
import { makeCredentials } from '../support/nats-jwt.js'
import { describeWithNats, startNatsServer } from '../support/nats-server.js'

/** For servers that say nothing. */
const BRIEF = { ...PATIENT, connectTimeout: 1_000 }
const join = (options: JoinOptions, numbers = PATIENT) => openRendezvous({ name: 'test', ...options }, numbers)

async function failure(options: JoinOptions, numbers = PATIENT): Promise<InputError | RunError> {
  const error = await join(options, numbers).then(
    () => null,
    (each: unknown) => each,
  )
  expect(error instanceof InputError || error instanceof RunError).toBe(true)
  return error as InputError | RunError
}

const found = (error: InputError | RunError) => error.details.found

/** A name that means this machine, but need not. */
const NAME = '127.1'

describe('where no server is', () => {
  test('nobody listens', async () => {
    const error = await failure({ servers: ['nats://127.0.0.1:1', 'nats://localhost:1'] })
    expect(error).toMatchObject({ code: 'JOIN_UNREACHABLE' })
    expect(error.message).toContain('no server listens')
    expect(error.message).toContain('nats://localhost:1')
  })

  test('there is no such name', async () => {
    const error = await failure({ servers: 'nats://nowhere.invalid' })
    expect(error).toMatchObject({ code: 'JOIN_UNREACHABLE' })
    expect(error.message).toMatch(/there is no such name|did not answer/)
  })

  test('the URL is wrong', async () => {
    expect(await failure({ servers: 'nats://a:b@127.0.0.1' })).toMatchObject({ code: 'JOIN_URL_INVALID' })
  })
})

describeWithNats('who a user is', () => {
  test('is shown by a password, and refused by name without a secret', async () => {
    await using server = await startNatsServer({ config: 'authorization { user: me, password: "s3cret" }' })
    const servers = server.url
    await (await join({ servers, credentials: { user: 'me', password: 's3cret' } }))[Symbol.asyncDispose]()
    for (const credentials of [
      { user: 'me', password: 'wr0ng' },
      { user: 'you', password: 's3cret' },
    ]) {
      const error = await failure({ servers, credentials })
      expect(error).toMatchObject({ code: 'JOIN_CREDENTIALS', details: { field: 'options.join.credentials' } })
      expect(found(error)).toContain(`the user "${credentials.user}"`)
      expect(error.message).not.toMatch(/s3cret|wr0ng/)
    }
    expect(found(await failure({ servers }))).toContain('no credentials')
  })

  test('is shown by an nkey', async () => {
    const [key, other] = [nkeys.createUser(), nkeys.createUser()]
    const seedOf = (pair: typeof key) => new TextDecoder().decode(pair.getSeed())
    await using server = await startNatsServer({ config: `authorization { users: [{ nkey: ${key.getPublicKey()} }] }` })
    const servers = server.url
    await using member = await join({ servers, credentials: { nkey: `${seedOf(key)}\n` } })
    await using _replies = await member.reply('antidrome.x', async () => 1)
    expect(await member.request('antidrome.x', null)).toBe(1)
    const error = await failure({ servers, credentials: { nkey: seedOf(other) } })
    expect(error).toMatchObject({ code: 'JOIN_CREDENTIALS' })
    expect(found(error)).toContain(other.getPublicKey())
    expect(error.message).not.toContain(seedOf(other))
  })

  test('is shown by credentials', async () => {
    const [mine, foreign] = [makeCredentials(), makeCredentials()]
    await using server = await startNatsServer({ config: mine.config, hasJetStream: false })
    const servers = server.url
    await using member = await join({ servers, credentials: { creds: mine.creds } })
    await using _replies = await member.reply('antidrome.x', async () => 1)
    expect(await member.request('antidrome.x', null)).toBe(1)
    const error = await failure({ servers, credentials: { creds: foreign.creds } })
    expect(error).toMatchObject({ code: 'JOIN_CREDENTIALS' })
    expect(found(error)).toContain(foreign.publicKey)
  })

  test('cannot be shown by what is no seed and no credentials', async () => {
    for (const credentials of [{ nkey: 'SUNOSEED' }, { nkey: '' }, { creds: 'SUNOSEED' }]) {
      const error = await failure({ servers: 'nats://127.0.0.1:1', credentials })
      expect(error).toMatchObject({ code: 'JOIN_CREDENTIALS', details: { found: 'a text that is none' } })
      expect(error.message).not.toContain('NOSEED')
      expect(error.cause).toBeUndefined()
    }
  })
})

describeWithNats('TLS', () => {
  const authority = createAuthority()
  const YEARS = { past: { from: 2019, to: 2020 }, now: { from: 2020, to: 2049 }, future: { from: 2048, to: 2049 } }

  async function serve(hosts: readonly string[], validity: keyof typeof YEARS = 'now', more = '') {
    const files = authority.issue({ hosts, years: YEARS[validity] })
    const config = [
      'cert_file: "<folder>/cert.pem"',
      'key_file: "<folder>/key.pem"',
      'ca_file: "<folder>/ca.pem"',
      more,
    ]
    const texts = { 'cert.pem': files.cert, 'key.pem': files.key, 'ca.pem': authority.cert }
    return startNatsServer({ config: `tls {\n${config.join('\n')}\n}`, files: texts, hasJetStream: false })
  }

  const at = (host: string, port: number) => `nats://${host}:${port}`

  test('is used with a certificate for a name, an address, or several servers', async () => {
    await using server = await serve(['localhost', '127.0.0.1'])
    const tls = { ca: authority.cert }
    for (const servers of [
      at('localhost', server.port),
      at('127.0.0.1', server.port),
      `tls://localhost:${server.port}`,
    ]) {
      await using member = await join({ servers, tls })
      await using _replies = await member.reply('antidrome.x', async () => 1)
      expect(await member.request('antidrome.x', null)).toBe(1)
      expect(member.seenAs).toBe('127.0.0.1')
    }
    await (await join({ servers: ['nats://127.0.0.1:1', at('localhost', server.port)], tls }))[Symbol.asyncDispose]()
  })

  test('from the first byte on has to be agreed upon', async () => {
    await using first = await serve(['localhost', '127.0.0.1'], 'now', 'handshake_first: true')
    await using later = await serve(['localhost', '127.0.0.1'])
    const ca = authority.cert
    for (const host of ['localhost', '127.0.0.1']) {
      await (await join({ servers: at(host, first.port), tls: { ca, first: true } }))[Symbol.asyncDispose]()
    }
    const error = await failure({ servers: at('localhost', later.port), tls: { ca, first: true } })
    expect(error).toMatchObject({ code: 'JOIN_TLS' })
    expect(found(error)).toContain('does not begin with TLS')
    const late = await failure({ servers: at('localhost', first.port), tls: { ca } }, BRIEF)
    expect(late).toMatchObject({ code: 'JOIN_UNREACHABLE' })
    expect(late.message).toContain('from the first byte on')
  })

  test.each(['past', 'future'] as const)(
    'with a certificate of the %s is refused, with a word on clocks',
    async (when) => {
      await using server = await serve(['localhost'], when)
      const error = await failure({ servers: at('localhost', server.port), tls: { ca: authority.cert } })
      expect(error).toMatchObject({ code: 'JOIN_TLS', details: { expected: 'one that is valid now' } })
      expect(found(error)).toContain(when === 'past' ? 'has expired' : 'is not valid yet')
      expect(error.message).toContain('clocks')
    },
  )

  test('with a certificate that nobody trusted has signed is refused', async () => {
    await using server = await serve(['localhost'])
    for (const servers of [at('localhost', server.port), `tls://localhost:${server.port}`]) {
      // Loopback, so TLS is not needed, but it is there.
      const error = await failure({ servers })
      expect(error).toMatchObject({ code: 'JOIN_TLS' })
      expect(found(error)).toContain('no trusted authority')
    }
  })

  test.each([
    { host: 'localhost', names: ['other.example', '127.0.0.1'] },
    { host: '127.0.0.1', names: ['localhost', '127.0.0.2'] },
  ])('with a certificate for other names is refused: $names at $host', async ({ host, names }) => {
    await using server = await serve(names)
    const error = await failure({ servers: at(host, server.port), tls: { ca: authority.cert } })
    expect(error).toMatchObject({ code: 'JOIN_TLS' })
    expect(found(error)).toContain(names[host === 'localhost' ? 0 : 1])
  })

  test('that wants a certificate of the user says so', async () => {
    await using server = await serve(['localhost'], 'now', 'verify: true')
    const servers = at('localhost', server.port)
    const mine = authority.issue({ hosts: ['me'] })
    await (await join({ servers, tls: { ca: authority.cert, ...mine } }))[Symbol.asyncDispose]()
    const without = await failure({ servers, tls: { ca: authority.cert } }, BRIEF)
    expect(without).toMatchObject({ code: 'JOIN_UNREACHABLE' })
    expect(without.message).toContain('a certificate of the user')
    const unreadable = await failure({ servers, tls: { ca: authority.cert, cert: 'no', key: 'none' } })
    expect(unreadable).toMatchObject({ code: 'JOIN_TLS' })
    expect(found(unreadable)).toContain('cannot be read')
  })

  test('is demanded beyond loopback', async () => {
    await using server = await startNatsServer({ host: '0.0.0.0', hasJetStream: false })
    const addresses = Object.values(networkInterfaces()).flat()
    const outer = addresses.find((each) => each?.family === 'IPv4' && !each.internal)?.address
    for (const host of [NAME, ...(outer === undefined ? [] : [outer])]) {
      const error = await failure({ servers: at(host, server.port) })
      expect(error).toMatchObject({ code: 'JOIN_TLS' })
      expect(found(error)).toContain('a server without TLS')
    }
    expect((await failure({ servers: `tls://127.0.0.1:${server.port}` })).code).toBe('JOIN_TLS')
    const both = [`nats://127.0.0.1:${server.port}`, `nats://${NAME}:${server.port}`]
    expect((await failure({ servers: both })).code).toBe('JOIN_TLS')
    await (await join({ servers: `nats://127.0.0.1:${server.port}` }))[Symbol.asyncDispose]()
  })
})

describeWithNats('a server without JetStream', () => {
  test('replies to requests, and refuses leases and buckets by name', async () => {
    await using server = await startNatsServer({ hasJetStream: false })
    await using member = await join({ servers: server.url })
    await using _replies = await member.reply('antidrome.x', async () => 1)
    expect(await member.request('antidrome.x', null)).toBe(1)
    const error = { code: 'JOIN_NO_JETSTREAM' }
    await expect(member.takeLease('x', holder('a'))).rejects.toMatchObject(error)
    await expect(member.epochOf('x')).rejects.toMatchObject(error)
    await expect(member.bucket('x')).rejects.toMatchObject(error)
    await expect(member.makeBucket('x', 1)).rejects.toMatchObject(error)
  })
})
