import { firstValueFrom, take, toArray } from 'rxjs'
import { expect, test } from 'vitest'
import { createFrameSeal } from '../../src/rendezvous/nats/frame-seal.js'
import { createNatsPort } from '../../src/rendezvous/nats/nats-port.js'
import { MOST_NATS_FRAME } from '../../src/rendezvous/nats-carrier.js'
import { openNatsCarrier } from '../../src/rendezvous/open-nats-carrier.js'
import type { Port, PortEnding } from '../../src/streams/links/port.js'
import { testLinks } from '../suites/link-suite.js'
import { eventually } from '../support/eventually.js'
import { describeWithNats, startNatsServer } from '../support/nats-server.js'

const SECRET = '5a'.repeat(32)

describeWithNats('links over a NATS server', () => {
  // The suite sends frames of any size, and much before it reads, which a server would cut off.
  const config = 'max_payload: 8388608\nmax_pending: 268435456'
  const serving = startNatsServer({ hasJetStream: false, config })
  const joining = serving.then(({ port }) => {
    const servers = `nats://127.0.0.1:${port}`
    return Promise.all([openNatsCarrier({ servers }), openNatsCarrier({ servers })])
  })
  let count = 0

  async function pair() {
    const [accepting, dialling] = await joining
    const listener = await accepting.listen(`antidrome.link.${count++}`)
    const link = { path: '/1/0', identity: 'core 0 - core 1', secret: SECRET }
    const arrival = firstValueFrom(listener.ports$)
    await listener.expect(link)
    const left = await dialling.dial(`${listener.address}/1/0`, link)
    return { left, right: (await arrival).port }
  }

  testLinks({
    name: 'NATS',
    open: pair,
    async close() {
      for (const carrier of await joining) await carrier.close()
      await (await serving)[Symbol.asyncDispose]()
    },
  })
})

describeWithNats('a carrier', () => {
  const LINK = { path: '/1/0', identity: 'core 0 - core 1', secret: SECRET }

  test('is refused by a server that takes no frames of its size', async () => {
    await using server = await startNatsServer({ hasJetStream: false, config: 'max_payload: 65536' })
    const opening = openNatsCarrier({ servers: `nats://127.0.0.1:${server.port}` })
    await expect(opening).rejects.toMatchObject({ code: 'JOIN_PAYLOAD_SMALL', details: { found: 65_536 } })
  })

  test.each([
    {
      may: 'publish: { allow: [">"] }, subscribe: { allow: ["_INBOX.>"] }',
      operation: 'subscribe',
      subject: 'antidrome.link.x.1.0.in',
    },
    {
      may: 'publish: { allow: ["_INBOX.>"] }, subscribe: { allow: [">"] }',
      operation: 'publish',
      subject: 'antidrome.link.x.1.0.out',
    },
  ])('whose user may not $operation is refused by name', async ({ may, operation, subject }) => {
    const config = `authorization { users: [{ user: u, password: p, permissions: { ${may} } }] }`
    await using server = await startNatsServer({ hasJetStream: false, config })
    const credentials = { user: 'u', password: 'p' }
    const carrier = await openNatsCarrier({ servers: `nats://127.0.0.1:${server.port}`, credentials })
    const listener = await carrier.listen('antidrome.link.x')
    const expecting = listener.expect({ path: '/1/0', identity: 'core 0 - core 1', secret: SECRET })
    await expect(expecting).rejects.toMatchObject({ code: 'RENDEZVOUS_DENIED', details: { operation, subject } })
    await carrier.close()
  })

  test('counts what is around a frame, too', async () => {
    const least = MOST_NATS_FRAME + 88
    await using small = await startNatsServer({ hasJetStream: false, config: `max_payload: ${least - 1}` })
    await expect(openNatsCarrier({ servers: `nats://127.0.0.1:${small.port}` })).rejects.toMatchObject({
      details: { expected: least },
    })
    await using enough = await startNatsServer({ hasJetStream: false, config: `max_payload: ${least}` })
    await (await openNatsCarrier({ servers: `nats://127.0.0.1:${enough.port}` })).close()
  })

  test('that listens no more cuts those who were never let in, and nobody else', async () => {
    await using place = await twoCarriers()
    const listener = await place.one.listen('antidrome.link.x')
    const other = { ...LINK, path: '/1/2', identity: 'core 1 - core 2' }
    const arrivals = firstValueFrom(listener.ports$.pipe(take(2), toArray()))
    for (const link of [LINK, other]) await listener.expect(link)
    const [guest, stranger] = await arrivals
    const near = await place.other.dial(`${listener.address}${LINK.path}`, LINK)
    const turnedAway = await place.other.dial(`${listener.address}${other.path}`, other)
    const [there, here] = [heardOf(guest?.port as Port), heardOf(turnedAway)]
    expect([guest, stranger].map((arrival) => arrival?.path)).toEqual([LINK.path, other.path])
    guest?.port.admit()
    await listener.close()
    await eventually(() => here.ending !== null)
    expect(here.ending).toEqual({ kind: 'broken', reason: 'the other end has cut it' })
    near.send(Uint8Array.of(7))
    await eventually(() => there.frames.length > 0 || there.ending !== null)
    expect(there).toEqual({ frames: [[7]], ending: null })
  })

  test('passes over what another secret has sealed', async () => {
    await using place = await twoCarriers()
    const listener = await place.one.listen('antidrome.link.x')
    const arrival = firstValueFrom(listener.ports$)
    await listener.expect(LINK)
    const there = heardOf((await arrival).port)
    const forger = await place.other.dial(`${listener.address}${LINK.path}`, { ...LINK, secret: '5b'.repeat(32) })
    const near = await place.other.dial(`${listener.address}${LINK.path}`, LINK)
    forger.send(Uint8Array.of(1))
    near.send(Uint8Array.of(2))
    forger.close()
    near.send(Uint8Array.of(3))
    await eventually(() => there.frames.length >= 2 || there.ending !== null)
    expect(there).toEqual({ frames: [[2], [3]], ending: null })
  })

  test('that is closed ends its links as broken', async () => {
    await using place = await twoCarriers()
    const listener = await place.one.listen('antidrome.link.x')
    await listener.expect(LINK)
    const here = heardOf(await place.other.dial(`${listener.address}${LINK.path}`, LINK))
    await place.other.close()
    await eventually(() => here.ending !== null)
    expect(here.ending).toEqual({ kind: 'broken', reason: 'the connection to NATS ended' })
  })
})

test('a port hands over nothing behind its end', () => {
  const port = createNatsPort({
    own: createFrameSeal(SECRET, 'back'),
    other: createFrameSeal(SECRET, 'there'),
    publish: () => undefined,
    flush: async () => undefined,
    onEnd: () => undefined,
  })
  const heard = heardOf(port)
  const peer = createFrameSeal(SECRET, 'there')
  for (const letter of [[0, 5], [1], [0, 6], [2]]) port.take(peer.seal(Uint8Array.from(letter)))
  expect(heard).toEqual({ frames: [[5]], ending: { kind: 'closed' } })
})

async function twoCarriers() {
  const server = await startNatsServer({ hasJetStream: false, config: 'max_payload: 8388608' })
  const servers = `nats://127.0.0.1:${server.port}`
  const [one, other] = [await openNatsCarrier({ servers }), await openNatsCarrier({ servers })]
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      for (const carrier of [one, other]) await carrier.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

function heardOf(port: Port) {
  const heard: { frames: number[][]; ending: PortEnding | null } = { frames: [], ending: null }
  port.receive({
    frame: (bytes) => heard.frames.push([...bytes]),
    end: (ending) => {
      heard.ending = ending
    },
  })
  return heard
}
