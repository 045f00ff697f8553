import { afterAll, describe, expect, test } from 'vitest'
import { flagsOf } from '../../../src/cli/flag-record.js'
import { REMOTE_FLAGS, type RemoteFlags, requireJoinFlags } from '../../../src/cli/join/join-flags.js'
import { inTermsOfJoinFlags } from '../../../src/cli/join/join-rendezvous.js'
import { readJoin } from '../../../src/cli/join/read-join.js'
import { isRemote, type RemoteRun, requireRemote } from '../../../src/cli/join/require-remote.js'
import { processesOf, type TransportFlags, transportOf, wantedRestarts } from '../../../src/cli/open-on-cores.js'
import { restartsOf } from '../../../src/cli/restarting.js'
import { InputError, RunError } from '../../../src/events/errors.js'
import { createFiles } from '../run-in-process.js'

const join = 'nats://a:4222'

const mistakeOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError) return error.mistake
    throw error
  }
  return null
}

describe('flags that say where to join', () => {
  test.each<RemoteFlags>([
    {},
    { tlsFirst: false },
    { join },
    { join, creds: 'a' },
    { join, nkey: 'a' },
    { join, user: 'a', passwordFile: 'b' },
    { join, tlsCa: 'a', tlsFirst: true, wait: 0 },
    { join, tlsCert: 'a', tlsKey: 'b' },
    { join: 'nats://a:4222, tls://b' },
  ])('are taken: %o', (flags) => {
    expect(mistakeOf(() => requireJoinFlags(flags))).toBeNull()
  })

  test.each<[flag: string, flags: RemoteFlags]>([
    ['--creds', { creds: 'a' }],
    ['--nkey', { nkey: 'a' }],
    ['--user', { user: 'a', passwordFile: 'b' }],
    ['--password-file', { passwordFile: 'b' }],
    ['--tls-ca', { tlsCa: 'a' }],
    ['--tls-cert', { tlsCert: 'a', tlsKey: 'b' }],
    ['--tls-key', { tlsKey: 'b' }],
    ['--tls-first', { tlsFirst: true }],
    ['--wait', { wait: 0 }],
  ])('mean nothing without --join: %s', (field, flags) => {
    const mistake = { code: 'FLAG_CONFLICT', field, found: 'the flag without --join', remedy: 'Add --join URL.' }
    expect(mistakeOf(() => requireJoinFlags(flags))).toMatchObject(mistake)
  })

  test.each<[flag: string, beside: string, flags: RemoteFlags]>([
    ['--nkey', '--creds', { creds: 'a', nkey: 'b' }],
    ['--user', '--creds', { creds: 'a', user: 'b', passwordFile: 'c' }],
    ['--user', '--nkey', { nkey: 'a', user: 'b', passwordFile: 'c' }],
  ])('are one way to say who asks: %s beside %s', (field, beside, flags) => {
    expect(mistakeOf(() => requireJoinFlags({ join, ...flags }))).toMatchObject({
      code: 'FLAG_CONFLICT',
      field,
      found: `the flag beside ${beside}`,
    })
  })

  test.each<[given: string, missing: string, flags: RemoteFlags]>([
    ['--user', '--password-file', { user: 'a' }],
    ['--password-file', '--user', { passwordFile: 'a' }],
    ['--tls-cert', '--tls-key', { tlsCert: 'a' }],
    ['--tls-key', '--tls-cert', { tlsKey: 'a' }],
  ])('come together: %s with %s', (field, missing, flags) => {
    expect(mistakeOf(() => requireJoinFlags({ join, ...flags }))).toMatchObject({
      code: 'FLAG_CONFLICT',
      field,
      found: `the flag without ${missing}`,
      remedy: `Add ${missing}.`,
    })
  })

  test.each(['/x', 'http://a', 'nats://', 'nats://a/b', 'nats://a,', 'nats://me:secret@a'])(
    'name URLs of servers, without credentials: %s',
    (url) => {
      const mistake = mistakeOf(() => requireJoinFlags({ join: url }))
      expect(mistake).toMatchObject({ code: 'JOIN_URL_INVALID', field: '--join' })
      expect(JSON.stringify(mistake)).not.toContain('secret')
    },
  )

  test('are told apart from all others of a run', () => {
    const flags = { join, creds: 'a', wait: 3, cores: 4, name: 'x' }
    expect(flagsOf(REMOTE_FLAGS, flags)).toEqual({ join, creds: 'a', wait: 3 })
  })
})

describe('the files that they name', () => {
  const files = createFiles()
  afterAll(() => files[Symbol.dispose]())

  test('are read', async () => {
    const write = (name: string, text: string) => files.write(name, text)
    expect(await readJoin({ join: ' nats://a:1 ,tls://b:2' })).toEqual({ servers: ['nats://a:1', 'tls://b:2'] })
    expect(await readJoin({ join, creds: write('creds', 'A\nB\n') })).toEqual({
      servers: [join],
      credentials: { creds: 'A\nB\n' },
    })
    expect(await readJoin({ join, nkey: write('nkey', '\n SUA \n') })).toMatchObject({ credentials: { nkey: 'SUA' } })
    const cert = { tlsCa: write('ca', 'CA'), tlsCert: write('cert', 'CERT'), tlsKey: write('key', 'KEY') }
    expect(await readJoin({ join, ...cert, tlsFirst: true })).toEqual({
      servers: [join],
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY', first: true },
    })
    expect(await readJoin({ join, tlsFirst: true })).toEqual({ servers: [join], tls: { first: true } })
  })

  test.each([
    ['pass word\nmore\n', 'pass word'],
    ['pass\r\n', 'pass'],
    [' pass ', ' pass '],
    ['', ''],
    ['\nx', ''],
  ])('a password is the first line as it stands: %j', async (text, password) => {
    const passwordFile = files.write('password', text)
    expect(await readJoin({ join, user: 'me', passwordFile })).toEqual({
      servers: [join],
      credentials: { user: 'me', password },
    })
  })

  test.each([
    ['--creds', { creds: '' }],
    ['--nkey', { nkey: '' }],
    ['--password-file', { user: 'me', passwordFile: '' }],
    ['--tls-ca', { tlsCa: '' }],
    ['--tls-cert', { tlsCert: '', tlsKey: '' }],
  ])('are named with %s where there are none', async (field, flags) => {
    for (const path of [`${files.folder}/gone`, files.folder]) {
      const named = Object.fromEntries(Object.entries(flags).map(([key, value]) => [key, value === '' ? path : value]))
      await expect(readJoin({ join, ...named })).rejects.toMatchObject({ name: 'InputError', mistake: { field } })
    }
  })
})

test.each([
  ['options.join.servers', {}, '--join'],
  ['options.join.credentials', { creds: 'a' }, '--creds'],
  ['options.join.credentials', { nkey: 'a' }, '--nkey'],
  ['options.join.credentials', { user: 'a' }, '--user'],
  ['options.join.credentials', {}, '--join'],
  ['options.join.tls', { tlsCa: 'a' }, '--tls-ca'],
  ['options.join.tls', {}, '--join'],
  ['options.seed', {}, 'options.seed'],
])('a mistake of %s with %o is one of %s', (field, flags, flag) => {
  const error = new InputError({ code: 'X', field, found: 'a', expected: 'b' })
  expect((inTermsOfJoinFlags(error, flags) as InputError).mistake).toMatchObject({ field: flag, found: 'a' })
  const other = new RunError({ code: 'X', message: 'y' })
  expect(inTermsOfJoinFlags(other, flags)).toBe(other)
})

describe('a run beside --join', () => {
  const OBJECT = { kind: 'object', bucket: 'b', prefix: null } as unknown as NonNullable<RemoteRun['checkpoint']>

  test.each<[RemoteRun, boolean]>([
    [{}, false],
    [{ join }, true],
    [{ join, transport: 'auto' }, true],
    [{ join, transport: 'websocket' }, true],
    [{ join, transport: 'nats' }, true],
    [{ join, transport: 'thread', checkpoint: OBJECT }, false],
  ])('%o is on other machines: %s', (flags, expected) => {
    expect(isRemote(flags)).toBe(expected)
    expect(mistakeOf(() => requireRemote(flags))).toBeNull()
  })

  test.each<[field: string, flags: RemoteRun]>([
    ['--transport', { join, transport: 'thread' }],
    ['--transport', { join, transport: 'local' }],
    ['--transport', { join, transport: 'unix', checkpoint: { kind: 'folder', path: 'a' } }],
    ['--transport', { transport: 'nats' }],
    ['--listen', { join, listen: { host: '127.0.0.1', port: 0 } }],
    ['--trace', { join, trace: 'x.json' }],
    ['--creds', { creds: 'a' }],
  ])('cannot heed %s: %o', (field, flags) => {
    expect(mistakeOf(() => requireRemote(flags))).toMatchObject({ code: 'FLAG_CONFLICT', field })
  })

  test('has cores that are linked by websockets, one process each, started anew three times', () => {
    const flags: TransportFlags = { cores: 99, join }
    expect([transportOf(flags), processesOf(flags), wantedRestarts(flags), restartsOf(flags)]).toEqual([
      'websocket',
      99,
      3,
      3,
    ])
    expect(transportOf({ cores: 1, join })).toBe('websocket')
    expect(processesOf({ ...flags, processes: 2 })).toBe(2)
    expect(restartsOf({ ...flags, restarts: 0 })).toBe(0)
    expect(restartsOf({ ...flags, restarts: Number.POSITIVE_INFINITY })).toBe(Number.POSITIVE_INFINITY)
  })

  test('that is on this machine is as ever', () => {
    expect(transportOf({ cores: 2, join, transport: 'thread' })).toBe('thread')
    expect(wantedRestarts({ join, transport: 'thread' })).toBe(0)
  })
})
