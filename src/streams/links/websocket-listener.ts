import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Observable, Subject } from 'rxjs'
import { cannotListen, type ListenPlace, requireSocketPath } from './cannot-listen.js'
import { DEFAULT_LIMITS } from './link-limits.js'
import type { Port } from './port.js'
import { createWebsocketPort, websocketSetup } from './websocket-port.js'

export interface ListenOptions {
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string
  /** Default 0: any free one. */
  readonly port?: number
  /** A Unix socket to listen at, in place of host and port; it is gone when the listener closes. */
  readonly path?: string
  /** Largest payload of a frame in bytes, as in the limits of the links (default 1 MiB). */
  readonly maxFrame?: number
  /** Longest time in ms from the connection to its upgrade; from there on it is the link's (default 10000). */
  readonly patience?: number
  /** Most connections that have not shown who they are; one beyond it takes the place of the oldest (default 64). */
  readonly maxPending?: number
}

/** Waits for connections, of which each becomes a port. */
export interface LinkListener {
  /** Such as ws://127.0.0.1:4000, or ws+unix:/run/core-1.sock:/ */
  readonly address: string
  /** Hot; completes with `close`. Whoever takes a port makes a link of it at once. */
  readonly ports$: Observable<Port>
  /** Takes no more connections, and drops those that have not shown who they are; links live on. */
  close(): Promise<void>
}

/** @throws InputError PORT_IN_USE, PORT_FORBIDDEN, HOST_UNKNOWN, SOCKET_PATH_INVALID, CANNOT_LISTEN */
export async function listenForLinks(options: ListenOptions = {}): Promise<LinkListener> {
  const { host = '127.0.0.1', port = 0, path, maxFrame = DEFAULT_LIMITS.maxFrame } = options
  if (path !== undefined) requireSocketPath(path)
  const { WebSocketServer } = await import('ws')
  const { patience = DEFAULT_LIMITS.patience, maxPending = 64 } = options
  const http = createServer({
    headersTimeout: patience,
    requestTimeout: patience,
    connectionsCheckingInterval: Math.ceil(patience / 4),
  })
  http.on('request', (_, response) => response.writeHead(426, { Connection: 'close' }).end())
  const pending = countPending(http, maxPending)
  const ports$ = new Subject<Port>()
  const server = new WebSocketServer({ server: http, clientTracking: false, ...websocketSetup(maxFrame) })
  server.on('connection', (socket, { socket: carrier }) =>
    ports$.next(createWebsocketPort(socket, () => pending.delete(carrier))),
  )
  // Those of the HTTP server, which `listen` hears as well.
  server.on('error', () => undefined)
  await listen(http, path === undefined ? { host, port } : { path })
  return {
    address: addressOf(http.address() as AddressInfo | string),
    ports$: ports$.asObservable(),
    close: () =>
      new Promise((resolve) => {
        ports$.complete()
        server.close()
        for (const carrier of pending) carrier.destroy()
        // Its callback would wait for the links as well.
        http.close()
        setImmediate(resolve)
      }),
  }
}

/** The connections that have not shown who they are, the oldest first; it makes room for those who may. */
function countPending(http: Server, most: number): Set<Socket> {
  const pending = new Set<Socket>()
  http.on('connection', (carrier) => {
    const [oldest] = pending
    if (pending.size >= most && oldest !== undefined) {
      pending.delete(oldest)
      oldest.destroy()
    }
    pending.add(carrier)
    carrier.once('close', () => pending.delete(carrier))
  })
  return pending
}

function listen(http: Server, place: ListenPlace): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(cannotListen(error, place))
    http.once('error', refuse)
    http.listen(place, () => {
      http.off('error', refuse)
      resolve()
    })
  })
}

function addressOf(place: AddressInfo | string): string {
  if (typeof place === 'string') return `ws+unix:${place}:/`
  const { address, family, port } = place
  return `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
