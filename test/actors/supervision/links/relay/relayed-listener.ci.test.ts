import { afterEach, describe, expect, test } from 'vitest'
import type { ListenerAddress } from '../../../../../src/actors/supervision/cluster-spec.js'
import type * as dialling from '../../../../../src/actors/supervision/links/dial-link.js'
import type { Call } from '../../../../../src/actors/supervision/links/dial-link.js'
import type { LinkCarrier } from '../../../../../src/actors/supervision/links/link-carrier.js'
import type * as listeners from '../../../../../src/actors/supervision/links/peer-listener.js'
import { createLink } from '../../../../../src/streams/links/create-link.js'
import { createRealClock } from '../../../../streams/links/real-clock.js'
import { listen, optionsOf } from '../../../../suites/link-fixture.js'
import { builtFile } from '../../../../support/built-file.js'
import { openRelay, SOCKETS } from './built-relay.js'

const built = (module: string) => import(builtFile(`actors/supervision/links/${module}.js`).href)
const { openPeerListener } = (await built('peer-listener')) as typeof listeners
const { dialLink } = (await built('dial-link')) as typeof dialling

const SECRET = '5ec0de'.repeat(10)
const OTHER_SECRET = 'c0ffee'.repeat(10)

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

function relay(): LinkCarrier {
  const opened = openRelay()
  open.push(opened.close)
  return opened
}

const CARRIERS = [
  { name: 'sockets of this thread', carrier: () => SOCKETS },
  { name: 'sockets of another thread', carrier: relay },
]

describe.each(CARRIERS)('an encrypted listener with $name', ({ carrier }) => {
  /** Of core 1, where core 0 and core 2 are expected. */
  async function openListener() {
    const listener = await openPeerListener({ host: '127.0.0.1', security: { kind: 'psk' } }, {}, carrier())
    open.push(listener.close)
    const visit = (peer: number, secret: string) =>
      listener.expect({
        own: 1,
        peer,
        secret,
        optionsFor: (refusal) => ({ ...optionsOf('right', createRealClock(), { peers: [peer] }), refusal }),
      })
    const arrivals = [visit(0, SECRET), visit(2, OTHER_SECRET)] as const
    await listener.ready()
    return { listener, arrivals }
  }

  const call = (changes: Partial<Call> = {}): Call => ({
    own: 0,
    peer: 1,
    secret: SECRET,
    patience: 60_000,
    ...changes,
  })

  async function visitOf(listener: ListenerAddress, own: number, secret: string) {
    const port = await dialLink(listener, call({ own, secret }), carrier())
    const link = createLink(port, optionsOf('left', createRealClock(), { index: own }))
    return { link, heard: listen(link) }
  }

  test('lets in who is expected, and nobody else once all are here', async () => {
    const { listener, arrivals } = await openListener()
    expect(listener.address).toMatchObject({ security: 'psk', url: expect.stringMatching(/^wss:/) })
    listener.seal()
    const guests = [await visitOf(listener.address, 0, SECRET), await visitOf(listener.address, 2, OTHER_SECRET)]
    const links = await Promise.all(arrivals)
    expect(links.map(({ peer }) => peer)).toEqual(['core 0', 'core 2'])
    const again = dialLink(listener.address, call(), carrier())
    await expect(again).rejects.toMatchObject({ code: 'LINK_UNREACHABLE' })
    await Promise.all([...guests, ...links.map((link) => ({ link }))].map(({ link }) => link.close()))
    expect(guests.map(({ heard }) => heard.isComplete)).toEqual([true, true])
  })

  test('turns away who looks for somebody else', async () => {
    const { listener } = await openListener()
    const dialled = dialLink({ ...listener.address, url: `${listener.address.url}/x` }, call(), carrier())
    await expect(dialled).rejects.toMatchObject({
      code: 'LINK_UNREACHABLE',
      message: expect.stringContaining('it answered 404 ("There is no listener at this path.")'),
    })
  })

  test('turns away who is not known, and who has another key', async () => {
    const { listener } = await openListener()
    for (const changes of [{ own: 3 }, { secret: OTHER_SECRET }])
      await expect(dialLink(listener.address, call(changes), carrier())).rejects.toMatchObject({
        code: 'LINK_KEY_WRONG',
      })
  })

  test('turns away who has the key of another link', async () => {
    const { listener, arrivals } = await openListener()
    const tls = { kind: 'psk', identity: 'core 1 - core 2', secret: OTHER_SECRET } as const
    const port = await carrier().dial(`${listener.address.url}/1/0`, { tls })
    const { heard, link } = heardOver(port)
    await expect(link.opened).rejects.toMatchObject({ code: 'LINK_BROKEN' })
    expect(heard.messages).toEqual([])
    // Who was meant is still let in.
    const guest = await visitOf(listener.address, 0, SECRET)
    const host = await arrivals[0]
    await Promise.all([guest.link.close(), host.close()])
  })

  function heardOver(port: Parameters<typeof createLink>[0]) {
    const link = createLink(port, optionsOf('left', createRealClock()))
    return { link, heard: listen(link) }
  }
})
