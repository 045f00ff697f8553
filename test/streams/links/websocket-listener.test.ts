import { once } from 'node:events'
import { connect, createServer, Socket } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { InputError } from '../../../src/events/errors.js'
import { LinkError } from '../../../src/streams/link-error.js'
import type { NumberedLink } from '../../../src/streams/links/create-link.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import {
  type Arrival,
  type LinkListener,
  type ListenOptions,
  listenForLinks,
} from '../../../src/streams/links/websocket-listener.js'
import { createPendingConnections } from '../../../src/streams/links/websocket-pending.js'
import { createSide, type Side, until } from '../../suites/link-fixture.js'

const opened: LinkListener[] = []

/** A listener that makes a link of every port. */
async function accept(
  options: ListenOptions = {},
): Promise<{ readonly listener: LinkListener; readonly sides: Side[]; readonly arrivals: Arrival[] }> {
  const listener = await listenForLinks(options)
  opened.push(listener)
  const sides: Side[] = []
  const arrivals: Arrival[] = []
  listener.ports$.subscribe((arrival) => {
    arrivals.push(arrival)
    sides.push(createSide('right', arrival.port))
  })
  return { listener, sides, arrivals }
}

const portOf = ({ address }: LinkListener) => Number(new URL(address).port)

/** A connection that says nothing, or something else. */
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
  socket.write(says)
  return { socket, heard, isClosed: () => isClosed }
}

async function linkTo(listener: LinkListener): Promise<Side> {
  const side = createSide('left', await dialWebsocket(listener.address))
  await side.link.opened
  return side
}

async function closeAll(...links: readonly NumberedLink[]): Promise<void> {
  await Promise.all(links.map((link) => link.close()))
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((listener) => listener.close()))
})

describe('a listener', () => {
  test('listens on this machine alone, on a free port, unless told otherwise', async () => {
    const { listener } = await accept()
    expect(listener.address).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
    expect(portOf(listener)).toBeGreaterThan(0)
  })

  test('says so when the port is in use', async () => {
    const { listener } = await accept()
    const place = `127.0.0.1:${portOf(listener)}`
    const second = listenForLinks({ port: portOf(listener) })
    await expect(second).rejects.toBeInstanceOf(InputError)
    await expect(second).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port: found ${place}, which is in use, expected a free port. Choose another port, or 0 for any free one.`,
    })
  })

  test('says so when the host is not of this machine', async () => {
    await expect(listenForLinks({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'HOST_UNKNOWN' })
  })

  test('frees its port when it closes, and links live on', async () => {
    const { listener, sides } = await accept()
    const side = await linkTo(listener)
    const port = portOf(listener)
    await listener.close()
    const { listener: next } = await accept({ port })
    expect(portOf(next)).toBe(port)
    side.link.send({ kind: 'value', value: 'still here' })
    await until(() => sides[0]?.heard.messages.length === 1)
    await closeAll(side.link, sides[0]!.link)
  })

  test('drops those that have not shown who they are when it closes', async () => {
    const { listener } = await accept()
    const silent = await callRaw(listener)
    await dialWebsocket(listener.address)
    await listener.close()
    await until(silent.isClosed)
  })
})

/** So many ports in a row that are free, as far as that can be known. */
async function freeRange(count: number): Promise<{ readonly from: number; readonly to: number }> {
  for (;;) {
    const servers = [createServer().listen(0, '127.0.0.1')]
    await once(servers[0]!, 'listening')
    const { port: from } = servers[0]!.address() as { readonly port: number }
    const range = { from, to: from + count - 1 }
    try {
      for (let port = from + 1; port <= range.to; port++) {
        servers.push(createServer().listen(port, '127.0.0.1'))
        await once(servers.at(-1)!, 'listening')
      }
      return range
    } catch {
      // Somebody has one of them: another row.
    } finally {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    }
  }
}

describe('a range of ports', () => {
  test('is taken from its beginning, and named when none of it is free', async () => {
    const port = await freeRange(2)
    const taken = [await accept({ port }), await accept({ port })]
    expect(taken.map(({ listener }) => portOf(listener))).toEqual([port.from, port.to])
    const third = listenForLinks({ port })
    await expect(third).rejects.toBeInstanceOf(InputError)
    await expect(third).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      mistake: { found: `127.0.0.1:${port.from}-${port.to}, which are all in use`, expected: 'a free port among them' },
    })
    await taken[0]!.listener.close()
    expect(portOf((await accept({ port })).listener)).toBe(port.from)
  })

  test('of one port is that port', async () => {
    const port = await freeRange(1)
    expect(portOf((await accept({ port })).listener)).toBe(port.from)
  })

  test.each([
    { from: 2, to: 1 },
    { from: 0, to: 9 },
    { from: 65_535, to: 65_536 },
    { from: 1.5, to: 2 },
    { from: 4000, to: Number.NaN },
  ])('from $from to $to is none', async (port) => {
    await expect(listenForLinks({ port })).rejects.toMatchObject({ code: 'PORT_RANGE_INVALID' })
  })

  test('is not searched where the host is wrong', async () => {
    const listening = listenForLinks({ host: '192.0.2.1', port: { from: 4000, to: 4009 } })
    await expect(listening).rejects.toMatchObject({
      code: 'HOST_UNKNOWN',
      mistake: { found: '192.0.2.1:4000, which is not of this machine' },
    })
    await expect(listening).rejects.toThrow('links beyond this machine are encrypted')
  })
})

describe('what is advertised', () => {
  test('is told in the address in place of what is bound', async () => {
    const { listener } = await accept({ host: '0.0.0.0', advertise: { host: 'machine.example', port: 4000 } })
    expect(listener.address).toBe('ws://machine.example:4000')
  })

  test('has the port that is bound unless it says otherwise', async () => {
    const port = await freeRange(1)
    const { listener } = await accept({ port, advertise: { host: '127.0.0.1' } })
    expect(listener.address).toBe(`ws://127.0.0.1:${port.from}`)
    await closeAll((await linkTo(listener)).link)
  })

  test.each(['2001:db8::7', '[2001:db8::7]'])('may be %s', async (host) => {
    const { listener } = await accept({ advertise: { host, port: 4000 } })
    expect(listener.address).toBe('ws://[2001:db8::7]:4000')
  })
})

describe('an arrival', () => {
  test('tells the path that was dialled', async () => {
    const { listener, arrivals } = await accept()
    for (const path of ['', '/', '/3', '/3/control', '/3?token=no']) await dialWebsocket(`${listener.address}${path}`)
    expect(arrivals.map(({ path }) => path)).toEqual(['/', '/', '/3', '/3/control', '/3'])
    expect(arrivals.every(({ identity }) => identity === null)).toBe(true)
  })

  test('is only where somebody is to be reached', async () => {
    const asked: string[] = []
    const accepts = (path: string) => {
      asked.push(path)
      return path === '/3'
    }
    const { listener, arrivals } = await accept({ accepts })
    await dialWebsocket(`${listener.address}/3`)
    const dialled = dialWebsocket(`${listener.address}/4?x`)
    await expect(dialled).rejects.toBeInstanceOf(LinkError)
    await expect(dialled).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('it answered 404 ("There is no listener at this path.")'),
    })
    expect(asked).toEqual(['/3', '/4'])
    expect(arrivals.length).toBe(1)
  })
})

describe('a web page', () => {
  /** How it fares: 'open', or the status and the sentence. */
  const dialFrom = (listener: LinkListener, options: ClientOptions) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(listener.address, options)
      socket.once('open', () => {
        socket.terminate()
        resolve('open')
      })
      socket.once('unexpected-response', (_, response) => {
        response.on('data', (text) => resolve(`${response.statusCode}: ${text}`))
      })
    })

  test('opens no links, whatever its origin', async () => {
    const { listener, arrivals } = await accept()
    for (const origin of ['https://page.example', 'null', `http://127.0.0.1:${portOf(listener)}`]) {
      const refused = '403: Links from web pages are refused, unless their origin is allowed.'
      expect(await dialFrom(listener, { origin })).toBe(refused)
      expect(await dialFrom(listener, { origin, protocolVersion: 8 })).toBe(refused)
    }
    expect(arrivals).toEqual([])
  })

  test('opens links where its origin is allowed, and others still do not', async () => {
    const { listener, arrivals } = await accept({ allowOrigins: ['https://page.example'] })
    expect(await dialFrom(listener, { origin: 'https://page.example' })).toBe('open')
    expect(await dialFrom(listener, { origin: 'https://page.example.other' })).toContain('403')
    expect(await dialFrom(listener, {})).toBe('open')
    expect(arrivals.length).toBe(2)
  })
})

describe('a connection that is no link', () => {
  test('is dropped after a while if it says nothing, and disturbs nobody', async () => {
    const { listener, sides } = await accept({ patience: 200 })
    const silent = await callRaw(listener)
    const half = await callRaw(listener, 'GET / HTTP/1.1\r\nHost: x\r\n')
    const side = await linkTo(listener)
    await until(() => silent.isClosed() && half.isClosed())
    side.link.send({ kind: 'value', value: 1 })
    await until(() => sides[0]?.heard.messages.length === 1)
    await closeAll(side.link, sides[0]!.link)
  })

  test('is answered when it is a browser that came by', async () => {
    const { listener, sides } = await accept()
    const browser = await callRaw(listener, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(browser.isClosed)
    expect(browser.heard.join('')).toContain('426 Upgrade Required')
    expect(sides).toEqual([])
  })

  test('is dropped when it opens a websocket and never introduces itself', async () => {
    const { listener, sides } = await accept()
    const socket = new WebSocket(listener.address)
    await once(socket, 'open')
    await until(() => sides.length === 1)
    sides[0]!.clock.advance(20_000)
    await once(socket, 'close')
    expect(sides[0]!.heard.error?.code).toBe('LINK_HANDSHAKE_TIMEOUT')
  })

  test('is dropped when it sends text', async () => {
    const { listener, sides } = await accept()
    const socket = new WebSocket(listener.address)
    await once(socket, 'open')
    socket.send('{"hello": 1}')
    await once(socket, 'close')
    await until(() => sides[0]?.heard.error?.code === 'LINK_BROKEN')
    expect(sides[0]!.heard.error?.message).toContain('a text came in place of a frame')
  })

  test('is dropped before a frame beyond the limit is read', async () => {
    const { listener, sides } = await accept({ maxFrame: 100 })
    const socket = new WebSocket(listener.address)
    await once(socket, 'open')
    socket.send(new Uint8Array(70_000))
    const [code] = await once(socket, 'close')
    expect(code).toBe(1009)
    await until(() => sides[0]?.heard.error?.code === 'LINK_FRAME_OVERSIZED')
  })

  test('makes room when too many wait, the oldest first, and those that showed who they are do not count', async () => {
    const { listener, sides } = await accept({ maxPending: 2 })
    const links = [await linkTo(listener), await linkTo(listener), await linkTo(listener)]
    const [first, second] = [await callRaw(listener), await callRaw(listener)]
    const third = await callRaw(listener)
    await until(first.isClosed)
    expect([second, third].some((connection) => connection.isClosed())).toBe(false)
    // Whoever may join does, however many idle ones are in front.
    links.push(await linkTo(listener))
    await until(second.isClosed)
    expect(third.isClosed()).toBe(false)
    await closeAll(...[...links, ...sides].map(({ link }) => link))
  })
})

test('a listener that closes drops whoever has not shown who it is', async () => {
  const { listener } = await accept({ patience: 600_000 })
  const mute = await callRaw(listener)
  await listener.close()
  await until(mute.isClosed)
})

test('a connection that waits loses its place to nobody while others come and go', async () => {
  const pending = createPendingConnections(2, 600_000)
  const [first, gone, last] = [new Socket(), new Socket(), new Socket()]
  for (const raw of [first, gone]) pending.add(raw)
  gone.destroy()
  await once(gone, 'close')
  pending.add(last)
  expect(first.destroyed).toBe(false)
  pending.dropAll()
  expect([first, last].map(({ destroyed }) => destroyed)).toEqual([true, true])
})

test('a connection has so long until its upgrade, and from there on as long as its link says', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const pending = createPendingConnections(3, 1000)
  const [mute, upgraded, admitted] = [new Socket(), new Socket(), new Socket()]
  for (const raw of [mute, upgraded, admitted]) pending.add(raw)
  pending.upgraded(upgraded)
  pending.admit(admitted)
  vi.advanceTimersByTime(999)
  expect(mute.destroyed).toBe(false)
  vi.advanceTimersByTime(1)
  expect([mute, upgraded, admitted].map(({ destroyed }) => destroyed)).toEqual([true, false, false])
  expect(vi.getTimerCount()).toBe(0)
  pending.dropAll()
  expect([upgraded, admitted].map(({ destroyed }) => destroyed)).toEqual([true, false])
  admitted.destroy()
})

/** A server that hangs up on so many connections before it hands the others on. */
async function crowded(listener: LinkListener, hangUps: number): Promise<{ url: string; calls: () => number }> {
  let calls = 0
  const server = createServer((socket) => {
    if (calls++ < hangUps) return void socket.destroy()
    const onward = connect(portOf(listener), '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    for (const end of [socket, onward]) end.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return { url: `ws://127.0.0.1:${(server.address() as { readonly port: number }).port}`, calls: () => calls }
}

describe('dialling', () => {
  test('fails where nobody listens', async () => {
    const { listener } = await accept()
    await listener.close()
    const dialled = dialWebsocket(listener.address)
    await expect(dialled).rejects.toBeInstanceOf(LinkError)
    await expect(dialled).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      details: { peer: listener.address },
    })
  })

  test('fails when nobody answers', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const address = mute.address()
    const port = typeof address === 'object' ? address?.port : 0
    await expect(dialWebsocket(`ws://127.0.0.1:${port}`, { patience: 50 })).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
    })
    mute.close()
  })

  test('names the link and the peer, where they are known', async () => {
    const { listener } = await accept()
    await listener.close()
    const names = { link: 'core 0 - core 2', peer: 'core 0' }
    await expect(dialWebsocket(listener.address, names)).rejects.toMatchObject({
      message: expect.stringMatching(/^Link core 0 - core 2: cannot be opened: .*ECONNREFUSED/),
      details: names,
    })
  })

  test('tries again when it is hung up on, as long as its patience lasts', async () => {
    const { listener, sides } = await accept()
    const { url, calls } = await crowded(listener, 3)
    const side = createSide('left', await dialWebsocket(url))
    await side.link.opened
    expect(calls()).toBe(4)
    await closeAll(side.link, sides[0]!.link)
    const hopeless = await crowded(listener, Number.POSITIVE_INFINITY)
    await expect(dialWebsocket(hopeless.url, { patience: 200 })).rejects.toMatchObject({ code: 'LINK_UNREACHABLE' })
    expect(hopeless.calls()).toBeGreaterThan(1)
  })

  test.each(['http://127.0.0.1:1', 'nonsense', 'ws://'])('refuses the address %s', async (url) => {
    await expect(dialWebsocket(url)).rejects.toMatchObject({ code: 'URL_INVALID' })
  })

  test('loses nothing that comes before the link is made', async () => {
    const listener = await listenForLinks()
    opened.push(listener)
    const accepted = firstValueFrom(listener.ports$)
    const near = await dialWebsocket(listener.address)
    const { port: far } = await accepted
    far.send(Uint8Array.of(1))
    far.send(Uint8Array.of(2))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const came: number[] = []
    near.receive({ frame: (bytes) => came.push(bytes[0]!), end: () => came.push(-1) })
    far.receive({ frame: () => undefined, end: () => undefined })
    far.close()
    await until(() => came.length === 3)
    expect(came).toEqual([1, 2, -1])
  })
})
