import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Observable, Subject } from 'rxjs'
import { InputError } from '../../events/errors.js'
import { cannotListen, type PortRange, requirePortRange, requireSocketPath } from './cannot-listen.js'
import { DEFAULT_LIMITS } from './link-limits.js'
import type { Port } from './port.js'
import { createPendingConnections } from './websocket-pending.js'
import { createWebsocketPort, websocketSetup } from './websocket-port.js'
import type { LinkTls } from './websocket-tls.js'
import { createTlsServer } from './websocket-tls-server.js'

export interface ListenOptions extends UpgradePolicy {
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string
  /** Default 0: any free one; of a range the first free one. */
  readonly port?: number | PortRange
  /** A Unix socket to listen at, in place of host and port; it is gone when the listener closes. */
  readonly path?: string
  /** What the address tells in place of the host, and of the port, that it is bound to: 0.0.0.0 cannot be dialled. */
  readonly advertise?: { readonly host: string; readonly port?: number }
  /** Default: links go in clear. Not for a Unix socket, which does not leave this machine. */
  readonly tls?: LinkTls
  /** Largest payload of a frame in bytes, as in the limits of the links (default 1 MiB). */
  readonly maxFrame?: number
  /** Longest time in ms from the connection to its upgrade; from there on it is the link's (default 10000). */
  readonly patience?: number
  /** Most connections that have not shown who they are; one beyond it takes the place of the oldest (default 64). */
  readonly maxPending?: number
}

/** A peer that has dialled. */
export interface Arrival {
  /** The receiver makes a link of it at once. */
  readonly port: Port
  /** Of the URL that was dialled, such as /3/control; without one it is `/`. */
  readonly path: string
  /** The link whose secret the other side knows; null where there are no secrets. */
  readonly identity: string | null
}

/** Waits for connections, of which each becomes a port. */
export interface LinkListener {
  /** Such as ws://127.0.0.1:4000, wss://10.0.0.7:4000, or ws+unix:/run/core-1.sock:/ */
  readonly address: string
  /** Hot; completes with `close`. */
  readonly ports$: Observable<Arrival>
  /** Takes no more connections, and drops those that have not shown who they are; links live on. */
  close(): Promise<void>
}

/** What a request came over. */
interface Origin {
  readonly raw: Socket
  readonly identity: string | null
}

/**
 * @throws InputError PORT_IN_USE, PORT_FORBIDDEN, PORT_RANGE_INVALID, HOST_UNKNOWN, SOCKET_PATH_INVALID, CANNOT_LISTEN,
 *   TLS_INVALID, TLS_MISPLACED
 */
export async function listenForLinks(options: ListenOptions = {}): Promise<LinkListener> {
  const { maxFrame = DEFAULT_LIMITS.maxFrame, patience = DEFAULT_LIMITS.patience, maxPending = 64, tls } = options
  const places = placesOf(options)
  const { WebSocketServer } = await import('ws')
  const http = createServer((_, response) => response.writeHead(426, { Connection: 'close' }).end())
  const websockets = new WebSocketServer({ noServer: true, clientTracking: false, ...websocketSetup(maxFrame) })
  const pending = createPendingConnections(maxPending, patience)
  const ports$ = new Subject<Arrival>()
  const origins = new WeakMap<Duplex, Origin>()

  const serve = (socket: Socket, origin: Origin) => {
    origins.set(socket, origin)
    http.emit('connection', socket)
  }
  http.on('upgrade', (request, socket, head) => {
    const origin = origins.get(socket)
    if (origin === undefined) return void socket.destroy()
    const refusal = checkUpgrade(request, options)
    if (refusal !== null) return refuseUpgrade(socket, refusal)
    const { raw, identity } = origin
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      pending.upgraded(raw)
      const port = createWebsocketPort(websocket, () => pending.admit(raw))
      ports$.next({ port, path: pathOf(request), identity })
    })
  })
  const take =
    tls === undefined
      ? (raw: Socket) => serve(raw, { raw, identity: null })
      : createTlsServer(tls, patience, ({ socket, raw, identity }) => serve(socket, { raw, identity }))
  const netServer = createNetServer({ noDelay: true, allowHalfOpen: tls === undefined }, (raw) => {
    raw.on('error', () => undefined)
    pending.add(raw)
    take(raw)
  })
  await listenAtFirstFree(netServer, places, options)
  return {
    address: addressOf(netServer.address() as AddressInfo | string, options),
    ports$: ports$.asObservable(),
    close: () =>
      new Promise((resolve) => {
        ports$.complete()
        websockets.close()
        pending.dropAll()
        // Its callback would wait for the links as well.
        netServer.close()
        setImmediate(resolve)
      }),
  }
}

type Place = { readonly host: string; readonly port: number } | { readonly path: string }

/** Where to listen, one after the other. */
function placesOf({ host = '127.0.0.1', port = 0, path, tls }: ListenOptions): readonly Place[] {
  if (path !== undefined) {
    requireSocketPath(path)
    if (tls === undefined) return [{ path }]
    const [found, expected] = [`one for the Unix socket "${path}"`, 'none, for it does not leave this machine']
    throw new InputError({ code: 'TLS_MISPLACED', field: 'tls', found, expected })
  }
  if (typeof port === 'number') return [{ host, port }]
  requirePortRange(port)
  return Array.from({ length: port.to - port.from + 1 }, (_, k) => ({ host, port: port.from + k }))
}

async function listenAtFirstFree(netServer: Server, places: readonly Place[], asked: ListenOptions): Promise<void> {
  for (const [k, place] of places.entries()) {
    const failure = await listen(netServer, place)
    if (failure === null) return
    if (failure.code === 'EADDRINUSE' && k < places.length - 1) continue
    const isRange = failure.code === 'EADDRINUSE' && typeof asked.port === 'object' && 'host' in place
    throw cannotListen(failure, isRange ? { host: place.host, port: asked.port } : place)
  }
}

function listen(netServer: Server, place: Place): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const settle = (failure: NodeJS.ErrnoException | null) => {
      netServer.off('error', settle)
      netServer.off('listening', succeed)
      resolve(failure)
    }
    const succeed = () => settle(null)
    netServer.once('error', settle)
    netServer.once('listening', succeed)
    netServer.listen(place)
  })
}

function addressOf(place: AddressInfo | string, { advertise, tls }: ListenOptions): string {
  if (typeof place === 'string') return `ws+unix:${place}:/`
  const { host, port } = { host: place.address, port: place.port, ...advertise }
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `${tls === undefined ? 'ws' : 'wss'}://${name}:${port}`
}

/** Who may become a link. */
interface UpgradePolicy {
  /** Origins of web pages that may open links; others that name one are refused (default: none). */
  readonly allowOrigins?: readonly string[]
  /** Whether a path leads to a listener (default: every path). */
  accepts?(path: string): boolean
}

/** Why a connection does not become a link. */
interface UpgradeRefusal {
  readonly status: number
  /** A sentence for people. */
  readonly reason: string
}

/** Of the URL that was dialled, without what follows a question mark. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

/** Null for a request that may become a link. Only browsers name an origin: that of the page that dials. */
function checkUpgrade(request: IncomingMessage, policy: UpgradePolicy): UpgradeRefusal | null {
  const { headers } = request
  const origins = [headers.origin, headers['sec-websocket-origin']].flat().filter((origin) => origin !== undefined)
  if (!origins.every((origin) => policy.allowOrigins?.includes(origin)))
    return { status: 403, reason: 'Links from web pages are refused, unless their origin is allowed.' }
  if (policy.accepts?.(pathOf(request)) === false) return { status: 404, reason: 'There is no listener at this path.' }
  return null
}

/** Replies to a request for an upgrade, and ends the connection. */
function refuseUpgrade(socket: Duplex, { status, reason }: UpgradeRefusal): void {
  socket.on('error', () => undefined)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain`
  socket.end(`${head}\r\nContent-Length: ${reason.length}\r\n\r\n${reason}`, () => socket.destroy())
}
