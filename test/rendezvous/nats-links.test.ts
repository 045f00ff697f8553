import { firstValueFrom } from 'rxjs'
import { expect, test } from 'vitest'
import { openNatsCarrier } from '../../src/rendezvous/open-nats-carrier.js'
import { testLinks } from '../suites/link-suite.js'
import { describeWithNats, startNatsServer } from '../support/nats-server.js'

const SECRET = '5a'.repeat(32)

describeWithNats('links over a NATS server', () => {
  // The suite sends frames of any size.
  const serving = startNatsServer({ hasJetStream: false, config: 'max_payload: 8388608' })
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

  test('tells its links when the server is gone for good, and for what reason', async () => {
    await using server = await startNatsServer({ hasJetStream: false })
    const carrier = await openNatsCarrier({ servers: `nats://127.0.0.1:${server.port}` })
    const port = await carrier.dial('nats:antidrome.link.x/1/0', { identity: 'core 0 - core 1', secret: SECRET })
    const ending = new Promise((resolve) => port.receive({ frame: () => undefined, end: resolve }))
    await carrier.close()
    expect(await ending).toEqual({ kind: 'broken', reason: 'the connection to NATS ended' })
  })
})
