import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { InputError } from '../../../src/events/errors.js'
import { LinkError } from '../../../src/streams/link-error.js'
import type { NumberedLink } from '../../../src/streams/links/create-link.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { type LinkListener, type ListenOptions, listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { createSide, type Side, until } from '../../suites/link-fixture.js'

const opened: LinkListener[] = []

/** A listener that makes a link of every port. */
async function accept(
  options: ListenOptions = {},
): Promise<{ readonly listener: LinkListener; readonly sides: Side[] }> {
  const listener = await listenForLinks(options)
  opened.push(listener)
  const sides: Side[] = []
  listener.ports$.subscribe(({ port }) => sides.push(createSide('right', port)))
  return { listener, sides }
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
