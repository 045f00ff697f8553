import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { InputError } from '../../../src/events/errors.js'
import { LinkError } from '../../../src/streams/link-error.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import {
  type Arrival,
  type LinkListener,
  type ListenOptions,
  listenForLinks,
} from '../../../src/streams/links/websocket-listener.js'
import { type DialTls, PSK_CIPHERS } from '../../../src/streams/links/websocket-tls.js'
import '../../support/guard.js'
import { createSide, type Side, TOKEN, until } from '../../suites/link-fixture.js'
import { openRecordingProxy } from '../../suites/recording-proxy.js'
import { createAuthority, type IssuedCertificate, selfSigned } from '../../support/certificates.js'
import { AUTHORITY, BY_CERTIFICATE, BY_KEY, IDENTITY, SECRET, SECRETS, WAYS } from './tls-ways.js'

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A listener that makes a link of every port. */
async function accept(options: ListenOptions) {
  const listener = await listenForLinks(options)
  ends.push(listener.close)
  const sides: Side[] = []
  const arrivals: Arrival[] = []
  listener.ports$.subscribe((arrival) => {
    arrivals.push(arrival)
    sides.push(createSide('right', arrival.port))
  })
  return { listener, sides, arrivals }
}

const portOf = ({ address }: LinkListener) => Number(new URL(address).port)

async function linkTo(url: string, tls?: DialTls): Promise<Side> {
  const side = createSide('left', await dialWebsocket(url, tls === undefined ? {} : { tls }))
  await side.link.opened
  ends.push(() => side.link.close())
  return side
}

/** A connection that says something, or nothing. */
async function callRaw(listener: LinkListener, says = '') {
  const socket = connect(portOf(listener), '127.0.0.1')
  const heard: string[] = []
  let isClosed = false
  socket.on('data', (data) => heard.push(data.toString('latin1')))
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
  })
  await once(socket, 'connect')
  ends.push(() => socket.destroy())
  if (says !== '') socket.write(says)
  return { heard, isClosed: () => isClosed }
}

/** A server of Node's own, which knows nothing of links. */
async function openTlsServer(options: Parameters<typeof createTlsServer>[0]): Promise<string> {
  const server = createTlsServer(options, (socket) => socket.on('error', () => undefined))
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  return `wss://127.0.0.1:${(server.address() as { readonly port: number }).port}`
}

/** How a client of Node's own fares: 'connected', or the code of its error. */
function tryTls(listener: LinkListener, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port: portOf(listener), ...options })
    ends.push(() => socket.destroy())
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    socket.once('secureConnect', () => resolve('connected'))
  })
}

async function say(from: Side, to: Side, word: string): Promise<void> {
  const before = to.heard.messages.length
  from.link.send({ kind: 'value', value: word })
  await until(() => to.heard.messages.length > before)
  expect(to.heard.messages.at(-1)).toEqual({ kind: 'value', value: word })
}

describe.each(WAYS)('a listener that encrypts by $name', ({ listen: tls, dial, listen: { kind } }) => {
  test('says so in its address, and tells by which path and by whose key somebody came', async () => {
    const { listener, arrivals } = await accept({ tls })
    expect(listener.address).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/)
    await linkTo(listener.address, dial)
    await linkTo(`${listener.address}/3/control?who=me`, dial)
    const identity = kind === 'psk' ? IDENTITY : null
    expect(arrivals.map(({ path, identity }) => ({ path, identity }))).toEqual([
      { path: '/', identity },
      { path: '/3/control', identity },
    ])
  })

  test('makes room when too many wait, and links do not count', async () => {
    const { listener, sides } = await accept({ tls, maxPending: 2 })
    const links = [await linkTo(listener.address, dial), await linkTo(listener.address, dial)]
    links.push(await linkTo(listener.address, dial))
    const first = await callRaw(listener)
    // Half a handshake, and one that is through and says nothing more.
    const second = await callRaw(listener, '\x16\x03\x01\x02\x00\x01')
    const third = await callRaw(listener)
    await until(first.isClosed)
    expect([second, third].some((call) => call.isClosed())).toBe(false)
    for (const [k, link] of links.entries()) await say(link, sides[k]!, `still here: ${k}`)
    links.push(await linkTo(listener.address, dial))
    await until(second.isClosed)
    for (const [k, link] of links.entries()) await say(sides[k]!, link, `and back: ${k}`)
  })

  test('drops ports that have not shown who they are for others that may', async () => {
    const listener = await listenForLinks({ tls, maxPending: 1 })
    ends.push(listener.close)
    const idle = await dialWebsocket(listener.address, { tls: dial })
    let isOver = false
    idle.receive({
      frame: () => undefined,
      end: () => {
        isOver = true
      },
    })
    listener.ports$.subscribe(({ port }) => createSide('right', port))
    await linkTo(listener.address, dial)
    await until(() => isOver)
  })

  test('lets links live on when it closes, and drops all others', async () => {
    const { listener, sides } = await accept({ tls })
    const link = await linkTo(listener.address, dial)
    const silent = await callRaw(listener)
    await listener.close()
    await until(silent.isClosed)
    await say(link, sides[0]!, 'still here')
    await say(sides[0]!, link, 'and back')
    await expect(dialWebsocket(listener.address, { tls: dial })).rejects.toMatchObject({ code: 'LINK_UNREACHABLE' })
  })

  test('drops who says nothing, and who never comes to the end of a handshake', async () => {
    const { listener, sides } = await accept({ tls, patience: 100 })
    const calls = [await callRaw(listener), await callRaw(listener, '\x16\x03\x01\x02\x00\x01')]
    const link = await linkTo(listener.address, dial)
    await until(() => calls.every((call) => call.isClosed()))
    await say(link, sides[0]!, 'undisturbed')
  })

  test('tells who speaks in clear that it does not', async () => {
    const { listener, sides } = await accept({ tls })
    const dialled = dialWebsocket(listener.address.replace('wss', 'ws'))
    await expect(dialled).rejects.toBeInstanceOf(LinkError)
    await expect(dialled).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('it answered 426 ("This listener takes encrypted links alone: dial wss://.")'),
    })
    expect(sides).toEqual([])
  })

  test('is told that the other side does not encrypt', async () => {
    const { listener, sides } = await accept({})
    const dialled = dialWebsocket(listener.address.replace('ws', 'wss'), { tls: dial })
    await expect(dialled).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('cannot be opened: the other side does not encrypt'),
    })
    expect(sides).toEqual([])
  })

  test('takes nobody who speaks an older version', async () => {
    const { listener } = await accept({ tls })
    const older = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', rejectUnauthorized: false } as const
    expect(await tryTls(listener, older)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
    const old = await openTlsServer({
      maxVersion: 'TLSv1.2',
      ...AUTHORITY.issue({ hosts: ['127.0.0.1'] }),
    })
    await expect(dialWebsocket(old, { tls: dial })).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('protocol version'),
    })
  })

  test('is dialled again when it hangs up before the handshake', async () => {
    const { listener, sides } = await accept({ tls })
    let calls = 0
    const crowded = createServer((socket) => {
      if (calls++ < 3) return void socket.destroy()
      const onward = connect(portOf(listener), '127.0.0.1')
      socket.pipe(onward).pipe(socket)
      for (const end of [socket, onward]) end.on('error', () => undefined)
    }).listen(0, '127.0.0.1')
    await once(crowded, 'listening')
    ends.push(() => crowded.close())
    const { port } = crowded.address() as { readonly port: number }
    const link = await linkTo(`wss://127.0.0.1:${port}`, dial)
    expect(calls).toBe(4)
    await say(link, sides[0]!, 'through')
  })

  test('is given up when nobody answers', async () => {
    const mute = createServer((socket) => ends.push(() => socket.destroy())).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    ends.push(() => mute.close())
    const { port } = mute.address() as { readonly port: number }
    await expect(dialWebsocket(`wss://127.0.0.1:${port}`, { tls: dial, patience: 50 })).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('no reply within 50 ms'),
    })
  })
})

describe('a key', () => {
  const other = 'ff'.repeat(32)

  test.each([
    { what: 'is not that of the link', identity: IDENTITY, secret: other, says: 'has another key for' },
    {
      what: 'is of another link',
      identity: IDENTITY,
      secret: SECRETS.get('coordinator - core 1')!,
      says: 'has another',
    },
    { what: 'is of a link that nobody knows', identity: 'core 7 - core 8', secret: SECRET, says: 'knows no key for' },
  ])('that $what is refused at once, by name', async ({ identity, secret, says }) => {
    const { listener, sides } = await accept({ tls: BY_KEY.listen })
    const proxy = await openRecordingProxy(portOf(listener))
    ends.push(proxy.close)
    const names = { link: 'core 0 - core 1', peer: 'core 1' }
    const tls = { kind: 'psk', identity, secret } as const
    const dialled = dialWebsocket(`wss://127.0.0.1:${proxy.port}`, { tls, ...names })
    await expect(dialled).rejects.toBeInstanceOf(LinkError)
    await expect(dialled).rejects.toMatchObject({ code: 'LINK_KEY_WRONG', details: names })
    await expect(dialled).rejects.toThrow(says)
    await expect(dialled).rejects.not.toThrow(secret)
    expect([proxy.connections, sides.length]).toEqual([1, 0])
  })

  test('is looked for under its own name', async () => {
    const { listener, arrivals } = await accept({ tls: BY_KEY.listen })
    for (const [identity, secret] of SECRETS) await linkTo(listener.address, { kind: 'psk', identity, secret })
    expect(arrivals.map(({ identity }) => identity)).toEqual([...SECRETS.keys()])
  })

  test('is not replaced by a certificate that nobody vouches for', async () => {
    const { listener } = await accept({ tls: BY_CERTIFICATE.listen })
    await expect(dialWebsocket(listener.address, { tls: BY_KEY.dial })).rejects.toMatchObject({
      code: 'LINK_KEY_WRONG',
      message: expect.stringContaining('shows a certificate in place of the key for "core 0 - core 1"'),
    })
  })

  test('is not replaced by a certificate where the whole process takes any', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { listener, sides } = await accept({ tls: { kind: 'certificate', ...selfSigned({ hosts: ['127.0.0.1'] }) } })
    await expect(dialWebsocket(listener.address, { tls: BY_KEY.dial })).rejects.toMatchObject({
      message: expect.stringContaining('shows a certificate in place of the key'),
    })
    expect(sides).toEqual([])
  })

  test('is not replaced by a certificate of an authority that the whole process trusts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'antidrome-test-'))
    ends.push(() => rmSync(folder, { recursive: true }))
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, AUTHORITY.cert)
    // Node would take the ciphers of secrets, and then the certificate.
    const { cert, key } = AUTHORITY.issue({ hosts: ['127.0.0.1'] })
    const { listener } = await accept({ tls: { kind: 'certificate', cert, key } })
    const run = async (...way: string[]) => {
      const peer = fileURLToPath(new URL('./trusting-peer.ts', import.meta.url))
      const argv = ['--import', 'tsx', peer, listener.address, ...way]
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca }
      return (await promisify(execFile)(process.execPath, argv, { env })).stdout
    }
    expect(await run('certificate')).toBe('connected\n')
    expect(await run('psk', SECRET)).toContain('shows a certificate in place of the key')
  })

  test('is asked for each time: no ticket of an earlier connection opens the door', async () => {
    let isKnown = true
    const { listener } = await accept({ tls: { kind: 'psk', secretOf: () => (isKnown ? SECRET : null) } })
    const options = { minVersion: 'TLSv1.3', ciphers: PSK_CIPHERS } as const
    const key = { identity: IDENTITY, psk: Buffer.from(SECRET, 'hex') }
    const first = connectTls({ ...options, host: '127.0.0.1', port: portOf(listener), pskCallback: () => key })
    ends.push(() => first.destroy())
    first.on('error', () => undefined)
    const [session] = (await once(first, 'session')) as [Buffer]
    expect(await tryTls(listener, { ...options, session, pskCallback: () => key })).toBe('connected')
    expect(await tryTls(listener, { ...options, session })).toMatch(/ALERT_HANDSHAKE_FAILURE/)
    isKnown = false
    expect(await tryTls(listener, { ...options, session, pskCallback: () => key })).toMatch(/ALERT_HANDSHAKE_FAILURE/)
  })

  test('opens nothing for a client that has a certificate in mind', async () => {
    const { listener } = await accept({ tls: BY_KEY.listen })
    await expect(dialWebsocket(listener.address, { tls: BY_CERTIFICATE.dial })).rejects.toMatchObject({
      code: 'LINK_CERTIFICATE',
      message: expect.stringContaining('found none, expected one'),
    })
  })
})

describe('a certificate', () => {
  const own = selfSigned({ hosts: ['127.0.0.1'] })
  const issue = (from: number, to: number) => AUTHORITY.issue({ hosts: ['127.0.0.1'], years: { from, to } })

  test.each<{ readonly what: string; readonly shown: IssuedCertificate; readonly says: readonly string[] }>([
    {
      what: 'has expired',
      shown: issue(2001, 2002),
      says: ['found one that has expired, expected one that is valid now', 'the clock of this machine'],
    },
    {
      what: 'is not valid yet',
      shown: issue(2049, 2049),
      says: ['found one that is not valid yet, expected one that is valid now', 'the clock of this machine'],
    },
    {
      what: 'is of another name',
      shown: AUTHORITY.issue({ hosts: ['other.example', '10.0.0.7'] }),
      says: ['found one for DNS:other.example, IP Address:10.0.0.7, expected one for 127.0.0.1'],
    },
    { what: 'has signed itself', shown: own, says: ['found one that has signed itself, expected one of a trusted'] },
    {
      what: 'is of an authority that nobody knows',
      shown: createAuthority('another authority').issue({ hosts: ['127.0.0.1'] }),
      says: ['found one of an unknown authority, expected one of a trusted'],
    },
  ])('that $what is refused', async ({ shown, says }) => {
    const { listener, sides } = await accept({ tls: { kind: 'certificate', ...shown } })
    const dialled = dialWebsocket(listener.address, { tls: BY_CERTIFICATE.dial })
    await expect(dialled).rejects.toBeInstanceOf(LinkError)
    await expect(dialled).rejects.toMatchObject({ code: 'LINK_CERTIFICATE', details: { peer: listener.address } })
    for (const part of says) await expect(dialled).rejects.toThrow(part)
    expect(sides).toEqual([])
  })

  test('that has signed itself is as good as any where it is trusted, also by the name of the host', async () => {
    const { listener } = await accept({ tls: { kind: 'certificate', ...selfSigned({ hosts: ['localhost'] }) } })
    const { cert: ca, ...listen } = selfSigned({ hosts: ['localhost'] })
    const trusted = await accept({ tls: { kind: 'certificate', cert: ca, ...listen } })
    await linkTo(trusted.listener.address.replace('127.0.0.1', 'localhost'), { kind: 'certificate', ca })
    await expect(
      dialWebsocket(listener.address.replace('127.0.0.1', 'localhost'), { tls: { kind: 'certificate', ca } }),
    ).rejects.toMatchObject({ code: 'LINK_CERTIFICATE' })
  })
})

test('whoever listens in between sees nothing of an encrypted link, and everything of one in clear', async () => {
  const marker = 'marker-of-a-payload'
  const recordedOver = async (tls?: typeof BY_KEY) => {
    const { listener, sides } = await accept(tls === undefined ? {} : { tls: tls.listen })
    const proxy = await openRecordingProxy(portOf(listener))
    ends.push(proxy.close)
    const link = await linkTo(`${tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${proxy.port}/path-of-it`, tls?.dial)
    await say(link, sides[0]!, marker)
    await say(sides[0]!, link, marker)
    const seen = proxy.seen()
    return [TOKEN, marker, '/path-of-it', SECRET].map((word) => seen.includes(word))
  }
  expect(await recordedOver()).toEqual([true, true, true, false])
  expect(await recordedOver(BY_KEY)).toEqual([false, false, false, false])
  expect(await recordedOver(BY_CERTIFICATE)).toEqual([false, false, false, false])
})

describe('what cannot be meant', () => {
  const key = BY_KEY.dial
  const secret = SECRET

  test.each<{ readonly what: string; readonly url: string; readonly tls?: DialTls; readonly code: string }>([
    { what: 'wss:// without a key', url: 'wss://127.0.0.1:1', code: 'TLS_MISSING' },
    { what: 'ws:// with one', url: 'ws://127.0.0.1:1', tls: key, code: 'TLS_MISPLACED' },
    { what: 'a Unix socket with one', url: 'ws+unix:/none.sock:/', tls: key, code: 'TLS_MISPLACED' },
    {
      what: 'a secret that is no hexadecimal number',
      url: 'wss://127.0.0.1:1',
      tls: { kind: 'psk', identity: 'a', secret: 'not a number at all, though it is long' },
      code: 'TLS_INVALID',
    },
    {
      what: 'a short secret',
      url: 'wss://127.0.0.1:1',
      tls: { kind: 'psk', identity: 'a', secret: 'c0ffee' },
      code: 'TLS_INVALID',
    },
    {
      what: 'a link without a name',
      url: 'wss://127.0.0.1:1',
      tls: { kind: 'psk', identity: '', secret },
      code: 'TLS_INVALID',
    },
    {
      what: 'a link with too long a name',
      url: 'wss://127.0.0.1:1',
      tls: { kind: 'psk', identity: 'a'.repeat(129), secret },
      code: 'TLS_INVALID',
    },
  ])('$what is a mistake', async ({ url, tls, code }) => {
    const dialled = dialWebsocket(url, tls === undefined ? {} : { tls })
    await expect(dialled).rejects.toBeInstanceOf(InputError)
    await expect(dialled).rejects.toMatchObject({ code })
    if (tls?.kind === 'psk') await expect(dialled).rejects.not.toThrow(tls.secret)
  })

  test('a name may be as long as OpenSSL takes it', async () => {
    const identity = 'a'.repeat(128)
    const { listener, arrivals } = await accept({ tls: { kind: 'psk', secretOf: () => secret } })
    await linkTo(listener.address, { kind: 'psk', identity, secret })
    expect(arrivals[0]?.identity).toBe(identity)
  })

  test('a Unix socket that encrypts is a mistake', async () => {
    const path = join(tmpdir(), 'never-opened.sock')
    await expect(listenForLinks({ path, tls: BY_KEY.listen })).rejects.toMatchObject({ code: 'TLS_MISPLACED' })
  })

  test('a certificate that is none is a mistake', async () => {
    const tls = { kind: 'certificate', cert: 'none', key: 'none' } as const
    await expect(listenForLinks({ tls })).rejects.toMatchObject({ code: 'TLS_INVALID' })
  })
})
