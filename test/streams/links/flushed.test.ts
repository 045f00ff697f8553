import { firstValueFrom } from 'rxjs'
import { expect, test } from 'vitest'
import type { PortReceiver } from '../../../src/streams/links/port.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { type TlsWay, WAYS } from './tls-ways.js'

/** More than any socket takes at once. */
const MUCH = 3e7

async function ports(way?: TlsWay) {
  const { address, ports$, close } = await listenForLinks(way === undefined ? {} : { tls: way.listen })
  const dialling = dialWebsocket(address, way === undefined ? {} : { tls: way.dial })
  const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialling])
  return { left, right, close }
}

const ways = [undefined, ...WAYS]

const LISTENER: PortReceiver = { frame: () => undefined, end: () => undefined }

test('what a socket takes at once is flushed', async () => {
  const { left, close } = await ports()
  left.receive(LISTENER)
  expect(left.flushed()).toBeNull()
  left.send(new Uint8Array(100))
  expect(left.flushed()).toBeNull()
  left.abort()
  await close()
})

test.each(WAYS)('what is encrypted by $name is flushed once the event loop has turned', async (way) => {
  const { left, right, close } = await ports(way)
  left.receive(LISTENER)
  right.receive(LISTENER)
  expect(left.flushed()).toBeNull()
  left.send(new Uint8Array(100))
  const flushed = left.flushed()
  expect(flushed).not.toBeNull()
  await flushed
  expect(left.flushed()).toBeNull()
  left.abort()
  await close()
})

test.each(ways)('what the peer has not taken is not flushed until it has (%#)', async (way) => {
  const { left, right, close } = await ports(way)
  left.receive(LISTENER)
  left.send(new Uint8Array(MUCH))
  const flushed = left.flushed()
  expect(flushed).not.toBeNull()
  let isFlushed = false
  void flushed?.then(() => {
    isFlushed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(isFlushed).toBe(false)
  right.receive(LISTENER)
  await flushed
  expect(left.flushed()).toBeNull()
  left.abort()
  await close()
})

test.each(ways)('nobody waits for a port that has ended (%#)', async (way) => {
  const { left, right, close } = await ports(way)
  left.receive(LISTENER)
  left.send(new Uint8Array(MUCH))
  const flushed = left.flushed()
  expect(flushed).not.toBeNull()
  right.abort()
  await flushed
  expect(left.flushed()).toBeNull()
  await close()
})
