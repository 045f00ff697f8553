import type { AddressInfo } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { WebSocket, WebSocketServer } from 'ws'
import type { Link } from '../../dist/streams/link.js'
import { createLink } from '../../dist/streams/links/create-link.js'
import { dialWebsocket } from '../../dist/streams/links/websocket-dial.js'
import { listenForLinks } from '../../dist/streams/links/websocket-listener.js'
import { websocketSetup } from '../../dist/streams/links/websocket-port.js'
import { systemClock } from '../../dist/streams/system-clock.js'

/** Both ends of a connection within this process. */
export interface Pair<End> {
  readonly near: End
  readonly far: End
  close(): Promise<void>
}

/** Two ends of a link over a websocket; streams have the name of the group `hidden`. */
export async function openLinkPair(): Promise<Pair<Link>> {
  const listener = await listenForLinks()
  const accepted = firstValueFrom(listener.ports$)
  const dialled = await dialWebsocket(listener.address)
  const identity = { kernel: 'bench', arithmetic: 1, network: null }
  const common = { identity, token: 'bench', clock: systemClock(), nameOf: () => 'hidden' }
  const near = createLink(dialled, { ...common, role: 'dial', index: 0, peers: [1] })
  const far = createLink((await accepted).port, { ...common, role: 'accept', index: 1, peers: [0] })
  await Promise.all([near.opened, far.opened])
  const close = async () => {
    await Promise.all([near.close(), far.close()])
    await listener.close()
  }
  return { near, far, close }
}

/** Two ends of a bare websocket, set up as those of links are. */
export async function openBarePair(): Promise<Pair<WebSocket>> {
  const setup = websocketSetup(1 << 20)
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...setup })
  await new Promise((resolve) => server.once('listening', resolve))
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve))
  const { port } = server.address() as AddressInfo
  const near = new WebSocket(`ws://127.0.0.1:${port}`, { ...setup, generateMask: (mask) => mask.fill(0) })
  await new Promise((resolve) => near.once('open', resolve))
  const far = await accepted
  const close = async () => {
    const closed = new Promise((resolve) => near.once('close', resolve))
    near.close()
    await closed
    server.close()
  }
  return { near, far, close }
}
