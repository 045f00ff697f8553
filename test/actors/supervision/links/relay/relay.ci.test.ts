import { Worker } from 'node:worker_threads'
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { GuestListener, LinkCarrier } from '../../../../../src/actors/supervision/links/link-carrier.js'
import type { Relay } from '../../../../../src/actors/supervision/links/relay/open-relay.js'
import type { Port, PortEnding } from '../../../../../src/streams/links/port.js'
import { IDENTITY, SECRET } from '../../../../streams/links/tls-ways.js'
import { createSide, until } from '../../../../suites/link-fixture.js'
import { ENTRY, openRelay, SOCKETS } from './built-relay.js'

const KEY = { kind: 'psk', identity: IDENTITY, secret: SECRET } as const
const GUEST = { path: '/1', identity: IDENTITY, secret: SECRET }
const NAMES = { link: IDENTITY, peer: 'core 1' }

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

function relay(worker?: Worker): Relay {
  const opened = openRelay(worker)
  open.push(opened)
  return opened
}

async function listenAt(carrier: LinkCarrier, maxFrame?: number): Promise<GuestListener> {
  const limit = maxFrame === undefined ? {} : { maxFrame }
  const listener = await carrier.listen({ security: { kind: 'psk' }, ...limit })
  open.push(listener)
  await listener.expect(GUEST)
  return listener
}

/** A connection that one carrier dials and another has listened for. */
async function join(dialler: LinkCarrier, acceptor: LinkCarrier, maxFrame?: number) {
  const listener = await listenAt(acceptor, maxFrame)
  const arrival = firstValueFrom(listener.ports$)
  const near = await dialler.dial(`${listener.address}/1`, { tls: KEY })
  const { port: far, path, identity } = await arrival
  expect([path, identity]).toEqual(['/1', IDENTITY])
  return { near, far, listener }
}

function heardOf(port: Port) {
  const heard: { frames: Uint8Array[]; ending: PortEnding | null } = { frames: [], ending: null }
  port.receive({
    frame: (bytes) => heard.frames.push(bytes),
    end: (ending) => {
      heard.ending = ending
    },
  })
  return heard
}

/** All that is told of an error but where it was raised, and what only machines read. */
async function toldOf(failing: Promise<unknown>) {
  const error = (await failing.then(
    () => null,
    (reason: unknown) => reason,
  )) as Error & { code: string; details: object; remedy?: string; mistake?: { field: string } }
  const { name, message, code, details, remedy, mistake } = error
  return { kind: error.constructor.name, name, message, code, details, remedy, field: mistake?.field }
}

describe('what is refused', () => {
  const refused = [
    { what: 'a wrong key', path: '/1', tls: { ...KEY, secret: '0ff1ce'.repeat(10) }, code: 'LINK_KEY_WRONG' },
    { what: 'a link that is not known', path: '/1', tls: { ...KEY, identity: 'core 5' }, code: 'LINK_KEY_WRONG' },
    { what: 'a path that is not known', path: '/2', tls: KEY, code: 'LINK_UNREACHABLE' },
    { what: 'a key that is none', path: '/1', tls: { ...KEY, secret: '5e' }, code: 'TLS_INVALID' },
  ]

  test.each(refused)('$what: by a relay, of a relay, in the same words', async ({ path, tls, code }) => {
    const [own, other] = [relay(), relay()]
    const url = `${(await listenAt(other)).address}${path}`
    const here = await toldOf(SOCKETS.dial(url, { tls, ...NAMES }))
    expect(here.code).toBe(code)
    expect(here.kind).toBe(code === 'TLS_INVALID' ? 'InputError' : 'LinkError')
    expect(await toldOf(own.dial(url, { tls, ...NAMES }))).toEqual(here)
  })

  test('a port in use, in the same words', async () => {
    const own = relay()
    const port = Number(new URL((await listenAt(SOCKETS)).address).port)
    const here = await toldOf(SOCKETS.listen({ port }))
    expect(here).toMatchObject({ kind: 'InputError', code: 'PORT_IN_USE', field: 'port' })
    expect(await toldOf(own.listen({ port }))).toEqual(here)
  })

  test.each([
    { where: 'here', carrier: () => SOCKETS },
    { where: 'in a relay', carrier: relay },
  ])('a guest whose key is none, $where', async ({ carrier }) => {
    const listener = await listenAt(carrier())
    await expect(listener.expect({ ...GUEST, secret: 'no key' })).rejects.toMatchObject({ code: 'TLS_INVALID' })
  })
})

describe('a relayed port', () => {
  test('hands frames over, and counts as flushed', async () => {
    const { near, far } = await join(relay(), relay())
    const heard = heardOf(far)
    const frame = new Uint8Array(1000).fill(7)
    near.send(frame)
    expect(frame.byteLength).toBe(0)
    expect(near.flushed()).toBeNull()
    await until(() => heard.frames.length === 1)
    expect(heard.frames[0]).toEqual(new Uint8Array(1000).fill(7))
  })

  test('tells why it ended, as the socket does', async () => {
    const { near, far } = await join(SOCKETS, relay(), 64)
    const [here, there] = [heardOf(near), heardOf(far)]
    near.send(new Uint8Array(1e6))
    await until(() => here.ending !== null && there.ending !== null)
    expect(there.ending).toMatchObject({ kind: 'oversized' })
    expect(here.ending).toEqual({ kind: 'broken', reason: 'the peer found a frame too large' })
  })

  test('closes behind all that was sent, and tells so also whoever listens later', async () => {
    const { near, far } = await join(relay(), SOCKETS)
    const there = heardOf(far)
    for (let k = 0; k < 100; k++) near.send(Uint8Array.of(k))
    near.close()
    await until(() => there.ending !== null)
    expect(there.ending).toEqual({ kind: 'closed' })
    expect(there.frames.map(([k]) => k)).toEqual(Array.from({ length: 100 }, (_, k) => k))
    const here = heardOf(near)
    await until(() => here.ending !== null)
    expect(here.ending).toEqual({ kind: 'closed' })
    near.send(new Uint8Array(1))
    near.close()
  })

  test('can be turned away before anybody listens', async () => {
    const { near, far } = await join(SOCKETS, relay())
    const here = heardOf(near)
    near.send(new Uint8Array(10))
    far.abort()
    await until(() => here.ending !== null)
    expect(here.ending).toMatchObject({ kind: 'broken' })
    const there = heardOf(far)
    await until(() => there.ending !== null)
    expect(there).toMatchObject({ frames: [], ending: { kind: 'broken' } })
  })
})

describe('a listener in a relay', () => {
  test('lets those live on that were admitted when it closes, and drops the others', async () => {
    const { near, far, listener } = await join(SOCKETS, relay())
    const arrival = firstValueFrom(listener.ports$)
    const stranger = await SOCKETS.dial(`${listener.address}/1`, { tls: KEY })
    const [here, there, lost] = [heardOf(near), heardOf(far), heardOf(stranger)]
    heardOf((await arrival).port)
    far.admit()
    await listener.close()
    await until(() => lost.ending !== null)
    near.send(Uint8Array.of(3))
    await until(() => there.frames.length === 1)
    expect(here.ending).toBeNull()
    await expect(SOCKETS.dial(`${listener.address}/1`, { tls: KEY })).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
    })
  })
})

describe('a relay', () => {
  test('that closes has sent what it was given', async () => {
    const { near, far } = await join(relay(), SOCKETS, 1 << 24)
    const there = heardOf(far)
    const here = heardOf(near)
    near.send(new Uint8Array(3e6))
    near.send(Uint8Array.of(1))
    await open.find((each) => each !== null && 'lost' in each)?.close()
    expect(here.ending).toEqual({ kind: 'broken', reason: 'the thread that carries it was closed' })
    await until(() => there.ending !== null)
    expect(there.frames.map(({ byteLength }) => byteLength)).toEqual([3_000_000, 1])
  })

  test('that dies breaks its links by name, and is of no use any more', async () => {
    const worker = new Worker(ENTRY)
    const dying = relay(worker)
    const { near, far, listener } = await join(SOCKETS, dying)
    const sides = { left: createSide('left', near), right: createSide('right', far) }
    await Promise.all([sides.left.link.opened, sides.right.link.opened])
    let isOver = false
    listener.ports$.subscribe({
      complete: () => {
        isOver = true
      },
    })
    // Nobody answers there.
    const waiting = dying.dial('wss://192.0.2.1:4000', { tls: KEY })
    waiting.catch(() => undefined)
    await worker.terminate()
    await until(() => sides.left.heard.error !== null && sides.right.heard.error !== null)
    expect(sides.right.heard.error).toMatchObject({ code: 'LINK_BROKEN' })
    expect(sides.right.heard.error?.message).toMatch(
      /^Link core 0 - core 1: it broke: the thread that carries it ended\. /,
    )
    expect(sides.left.heard.error).toMatchObject({ code: 'LINK_BROKEN' })
    expect(isOver).toBe(true)
    const lost = await dying.lost
    expect(lost).toMatchObject({ code: 'INTERNAL' })
    await expect(waiting).rejects.toBe(lost)
    await expect(dying.dial(listener.address, { tls: KEY })).rejects.toBe(lost)
    await expect(dying.listen({})).rejects.toBe(lost)
    await expect(listener.expect(GUEST)).rejects.toBe(lost)
    await listener.close()
  })

  test('that cannot start says why', async () => {
    const failed = relay(new Worker('throw new Error("no socket for you")', { eval: true }))
    await expect(failed.listen({})).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringMatching(/^The thread that carries the links ended: no socket for you\. /),
    })
  })
})
