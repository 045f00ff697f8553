import { firstValueFrom } from 'rxjs'
import { expect, test } from 'vitest'
import type { PortReceiver } from '../../../src/streams/links/port.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'

/** More than any socket takes at once. */
const MUCH = 3e7

async function ports() {
  const { address, ports$, close } = await listenForLinks()
  const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(address)])
  return { left, right, close }
}

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

test('what the peer has not taken is not flushed until it has', async () => {
  const { left, right, close } = await ports()
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

test('nobody waits for a port that has ended', async () => {
  const { left, right, close } = await ports()
  left.receive(LISTENER)
  left.send(new Uint8Array(MUCH))
  const flushed = left.flushed()
  expect(flushed).not.toBeNull()
  right.abort()
  await flushed
  expect(left.flushed()).toBeNull()
  await close()
})
