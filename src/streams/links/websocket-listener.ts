import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Observable, Subject } from 'rxjs'
import { WebSocketServer } from 'ws'
import { InputError } from '../../events/errors.js'
import { DEFAULT_LIMITS } from './link-limits.js'
import type { Port } from './port.js'
import { createWebsocketPort, websocketSetup } from './websocket-port.js'

export interface ListenOptions {
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string
  /** Default 0: any free one. */
  readonly port?: number
  /** Largest payload of a frame in bytes, as in the limits of the links (default 1 MiB). */
  readonly maxFrame?: number
  /** Longest time in ms from the connection to its upgrade; from there on it is the link's (default 10000). */
  readonly patience?: number
  /** Most connections that have not shown who they are; one beyond it takes the place of the oldest (default 64). */
  readonly maxPending?: number
}

/** Waits for connections, of which each becomes a port. */
export interface LinkListener {
  /** Such as ws://127.0.0.1:4000. */
  readonly address: string
  /** Hot; completes with `close`. Whoever takes a port makes a link of it at once. */
  readonly ports$: Observable<Port>
  /** Takes no more connections, and drops those that have not shown who they are; links live on. */
  close(): Promise<void>
}

/** @throws InputError PORT_IN_USE, PORT_FORBIDDEN, HOST_UNKNOWN, CANNOT_LISTEN */
export async function listenForLinks(options: ListenOptions = {}): Promise<LinkListener> {
  const { host = '127.0.0.1', port = 0, maxFrame = DEFAULT_LIMITS.maxFrame } = options
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
  await listen(http, host, port)
  return {
    address: addressOf(http.address() as AddressInfo),
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

function listen(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port))
    http.once('error', refuse)
    http.listen({ host, port }, () => {
      http.off('error', refuse)
      resolve()
    })
  })
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): InputError {
  const place = `${host}:${port}`
  switch (cause.code) {
    case 'EADDRINUSE':
      return new InputError({
        code: 'PORT_IN_USE',
        field: 'port',
        found: `${place}, which is in use`,
        expected: 'a free port',
        remedy: 'Choose another port, or 0 for any free one.',
        cause,
      })
    case 'EACCES':
      return new InputError({
        code: 'PORT_FORBIDDEN',
        field: 'port',
        found: `${place}, which needs more rights`,
        expected: 'a port of at least 1024, or 0',
        cause,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new InputError({
        code: 'HOST_UNKNOWN',
        field: 'host',
        found: `${place}, which is not of this machine`,
        expected: 'an address of this machine',
        remedy: 'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all its addresses.',
        cause,
      })
    default:
      return new InputError({
        code: 'CANNOT_LISTEN',
        field: 'port',
        found: `${place} (${cause.message})`,
        expected: 'an address to listen on',
        cause,
      })
  }
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
