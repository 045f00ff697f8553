import { afterEach, describe, expect, test } from 'vitest'
import type { AddressListener, ListenerAddress } from '../../../../src/actors/supervision/cluster-spec.js'
import { settlesWithin } from '../../../../src/actors/supervision/core-worker.js'
import { linkOptions, listenOptions } from '../../../../src/actors/supervision/links/cluster-link-options.js'
import { dialLink } from '../../../../src/actors/supervision/links/dial-link.js'
import { SOCKETS } from '../../../../src/actors/supervision/links/link-carrier.js'
import { linkUrl } from '../../../../src/actors/supervision/links/link-path.js'
import { drawLinkSecrets } from '../../../../src/actors/supervision/links/link-secrets.js'
import { openPeerListener, type PeerListener } from '../../../../src/actors/supervision/links/peer-listener.js'
import type { Link } from '../../../../src/streams/link.js'
import { createLink } from '../../../../src/streams/links/create-link.js'
import { COORDINATOR, nameOfLink } from '../../../../src/streams/links/link-options.js'
import { createAuthority } from '../../../support/certificates.js'
import { clusterSpec } from '../../../support/cluster-spec.js'

const SPEC = clusterSpec()

const opened: { close?: () => unknown; fail?: (error: Error) => unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) {
    each.fail?.(new Error('the test is over'))
    await each.close?.()
  }
})

const secrets = drawLinkSecrets()

/** The door of core 0, at which some others are expected. */
async function doorFor(peers: readonly number[], spec: Partial<AddressListener> = {}) {
  const door = await openPeerListener({ host: '127.0.0.1', ...spec }, listenOptions(SPEC, 4))
  opened.push({ close: () => door.close() })
  const links = new Map(
    peers.map((peer) => {
      const secret = secrets.of(0, peer)
      const optionsFor = (refusal: (found: number) => string | null) =>
        linkOptions(SPEC, { role: 'accept', index: 0, peers: [peer], token: secret, nameOf: () => undefined, refusal })
      return [peer, door.expect({ own: 0, peer, secret, optionsFor })]
    }),
  )
  return { door, links }
}

/** How a core comes: what it knows, and as whom it comes. */
interface Coming {
  readonly own: number
  /** Whose secret it has. */
  readonly knows?: string
  readonly says?: number
  readonly authorities?: string
}

async function come(address: ListenerAddress, { own, knows = secrets.of(own, 0), says = own, authorities }: Coming) {
  const port = await dialLink(address, { own, peer: 0, secret: knows, patience: 600_000, authorities })
  const link = createLink(
    port,
    linkOptions(SPEC, { role: 'dial', index: says, peers: [0], token: knows, nameOf: () => undefined }),
  )
  link.messages$.subscribe({ error: () => undefined })
  opened.push(link)
  await link.opened
  return link
}

const hereOf = (links: ReadonlyMap<number, Promise<Link>>, peer: number) => links.get(peer) as Promise<Link>

/** Whether nobody has been taken for a peer, once everybody who came has been judged. */
async function isAwaited(
  door: PeerListener,
  links: ReadonlyMap<number, Promise<Link>>,
  peer: number,
): Promise<boolean> {
  if (await settlesWithin(hereOf(links, peer), 0)) return false
  // Whoever is right still gets in.
  await come(door.address, { own: peer })
  return (await hereOf(links, peer)).peer === (peer === COORDINATOR ? 'coordinator' : `core ${peer}`)
}

const WAYS = [
  { way: 'in the clear', security: {} },
  { way: 'with secrets', security: { security: { kind: 'psk' } } },
] as const

describe.each(WAYS)('a door $way', ({ security }) => {
  test('lets in each that is expected, by its path, in any order', async () => {
    const { door, links } = await doorFor([1, 2, COORDINATOR], security)
    for (const own of [2, COORDINATOR, 1]) await come(door.address, { own })
    const here = await Promise.all(links.values())
    expect(here.map(({ peer }) => peer)).toEqual(['core 1', 'core 2', 'coordinator'])
  })

  test('lets in nobody who is not expected, and those who are afterwards', async () => {
    const { door, links } = await doorFor([1], security)
    await expect(come(door.address, { own: 3 })).rejects.toThrow()
    expect(await isAwaited(door, links, 1)).toBe(true)
  })

  test('lets in nobody who knows the secret of another link', async () => {
    const { door, links } = await doorFor([1, 2], security)
    await expect(come(door.address, { own: 1, knows: secrets.of(2, 0) })).rejects.toThrow()
    await expect(come(door.address, { own: 1, says: 2 })).rejects.toThrow(/LINK_PEER_UNEXPECTED|expected core 1/)
    expect(await isAwaited(door, links, 1)).toBe(true)
    expect(await isAwaited(door, links, 2)).toBe(true)
  })

  test('lets in nobody twice, and the first stays', async () => {
    const { door, links } = await doorFor([1, COORDINATOR], security)
    for (const own of [1, COORDINATOR]) {
      await come(door.address, { own })
      const name = own === COORDINATOR ? 'coordinator' : 'core 1'
      await expect(come(door.address, { own })).rejects.toThrow(`${name} is here already`)
      expect((await hereOf(links, own)).peer).toBe(name)
    }
  })

  test('lets in nobody any more once it is sealed and all are here', async () => {
    const { door, links } = await doorFor([1, 2], security)
    await come(door.address, { own: 1 })
    door.seal()
    await come(door.address, { own: 2 })
    await Promise.all(links.values())
    await expect(come(door.address, { own: 1 })).rejects.toThrow()
  })
})

test('whoever has another secret than that of the link fails before a word is said', async () => {
  const { door, links } = await doorFor([1, 2], { security: { kind: 'psk' } })
  await expect(come(door.address, { own: 2, knows: secrets.of(1, 0) })).rejects.toMatchObject({
    code: 'LINK_KEY_WRONG',
  })
  expect(await isAwaited(door, links, 2)).toBe(true)
})

test('whoever has the secret of another link is let in by no word', async () => {
  const { door, links } = await doorFor([1, 2], { security: { kind: 'psk' } })
  const tls = { kind: 'psk', identity: nameOfLink(0, 2), secret: secrets.of(0, 2) } as const
  const port = await SOCKETS.dial(linkUrl(door.address.url, 0, 1), { tls })
  const token = secrets.of(0, 1)
  const link = createLink(
    port,
    linkOptions(SPEC, { role: 'dial', index: 1, peers: [0], token, nameOf: () => undefined }),
  )
  link.messages$.subscribe({ error: () => undefined })
  opened.push(link)
  await expect(link.opened).rejects.toThrow()
  expect(await isAwaited(door, links, 1)).toBe(true)
})

test('a door with a certificate is known by whoever signed it', async () => {
  const authority = createAuthority()
  const { cert, key } = authority.issue({ hosts: ['127.0.0.1'] })
  const { door, links } = await doorFor([1], { security: { kind: 'certificate', cert, key } })
  expect(door.address.security).toBe('certificate')
  await expect(come(door.address, { own: 1 })).rejects.toMatchObject({ code: 'LINK_CERTIFICATE' })
  await come(door.address, { own: 1, authorities: authority.cert })
  expect((await hereOf(links, 1)).peer).toBe('core 1')
})

test.each([
  [{}, /^ws:\/\/127\.0\.0\.1:\d+$/],
  [{ advertise: { host: 'door.example', port: 7 } }, /^ws:\/\/door\.example:7$/],
  [{ advertise: { host: 'door.example' } }, /^ws:\/\/door\.example:\d+$/],
  [{ advertise: { host: '::1' }, security: { kind: 'psk' } }, /^wss:\/\/\[::1\]:\d+$/],
] as const)('what others dial is what is advertised: %j', async (spec, url) => {
  const { door } = await doorFor([], spec)
  expect(door.address.url.replace(/\/$/, '')).toMatch(url)
})
