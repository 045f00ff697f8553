import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { ClientOptions, WebSocket } from 'ws'
import { InputError } from '../../events/errors.js'
import { LinkError } from '../link-error.js'
import { systemClock } from '../system-clock.js'
import { startWaiting } from '../waiting.js'
import { DEFAULT_LIMITS } from './link-limits.js'
import type { Port } from './port.js'
import { createWebsocketPort, websocketSetup } from './websocket-port.js'
import { type DialTls, requireKey } from './websocket-tls.js'
import { connectSecurely } from './websocket-tls-dial.js'
import { tlsRefusalOf } from './websocket-tls-refusal.js'

export interface DialOptions {
  /** How it is made sure who is there; belongs to wss://, and to nothing else. */
  readonly tls?: DialTls
  /** Largest payload of a frame in bytes, as in the limits of the link (default 1 MiB). */
  readonly maxFrame?: number
  /** Longest time in ms until the connection stands (default 10000). */
  readonly patience?: number
  /** For people: the link this becomes, and who is at its other end (default: the address). */
  readonly link?: string
  readonly peer?: string
}

/** Between two tries, in ms. */
const PAUSE = 50
/** Maximum length of a listener's reason for a refusal that is reported, in bytes. */
const MOST_REASON = 200

/**
 * Opens a connection to a listener. One that a crowded listener hangs up on is tried again; one that is refused is not.
 *
 * @param url such as ws://127.0.0.1:4000, wss://10.0.0.7:4000/3, or ws+unix:/run/core-1.sock:/
 * @throws InputError URL_INVALID, TLS_MISSING, TLS_MISPLACED, TLS_INVALID; LinkError LINK_UNREACHABLE, LINK_KEY_WRONG,
 *   LINK_CERTIFICATE
 */
export async function dialWebsocket(url: string, options: DialOptions = {}): Promise<Port> {
  const { patience = DEFAULT_LIMITS.patience } = options
  requireUrl(url, options.tls)
  const deadline = new AbortController()
  const noReply = new Error(`there was no reply within ${patience} ms`)
  using _ = startWaiting(systemClock(), patience, () => deadline.abort(noReply))
  try {
    return await dialUntil(deadline.signal, url, options)
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error
    throw notOpened(url, options, error)
  }
}

function requireUrl(url: string, tls: DialTls | undefined): void {
  const field = 'url'
  if (!/^(wss?|ws\+unix):/.test(url) || !URL.canParse(url)) {
    const expected = 'ws://host:port, wss://host:port or ws+unix:path:/'
    throw new InputError({ code: 'URL_INVALID', field, found: `"${url}"`, expected })
  }
  const isEncrypted = url.startsWith('wss:')
  if (isEncrypted && tls === undefined) {
    const expected = 'a key or a certificate beside it (option tls)'
    throw new InputError({ code: 'TLS_MISSING', field, found: `"${url}" alone`, expected })
  }
  if (!isEncrypted && tls !== undefined) {
    const found = `"${url}" with the option tls`
    throw new InputError({ code: 'TLS_MISPLACED', field, found, expected: 'wss://host:port' })
  }
  if (tls?.kind === 'psk') requireKey(tls.identity, tls.secret)
}

async function dialUntil(end: AbortSignal, url: string, { tls, maxFrame }: DialOptions): Promise<Port> {
  // Loaded when a process dials: most runs stay within one process.
  const { WebSocket } = await import('ws')
  for (;;) {
    // A signal that is aborted already is not heard.
    end.throwIfAborted()
    try {
      const carrier = tls === undefined ? null : await connectSecurely(new URL(url), tls, end)
      return await openWebsocket(() => new WebSocket(url, socketOptions(maxFrame, carrier)), end)
    } catch (error) {
      end.throwIfAborted()
      if (!isHungUp(error)) throw error
    }
    await setTimeout(PAUSE)
  }
}

/** @param carrier that stands already; null: one in clear is made */
function socketOptions(maxFrame = DEFAULT_LIMITS.maxFrame, carrier: Socket | null): ClientOptions {
  return {
    ...websocketSetup(maxFrame),
    // Masks hide what a browser's page sends from proxies on its way; frames are ours, and masking costs time per byte.
    generateMask: (mask) => mask.fill(0),
    ...(carrier === null ? {} : { createConnection: () => carrier }),
  }
}

function openWebsocket(open: () => WebSocket, end: AbortSignal): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = open()
    const giveUp = () => {
      reject(end.reason)
      socket.terminate()
    }
    const fail = (error: Error) => {
      end.removeEventListener('abort', giveUp)
      reject(error)
    }
    end.addEventListener('abort', giveUp, { once: true })
    socket.on('error', fail)
    socket.on('unexpected-response', (request, response) => void reasonIn(request, response).then(fail))
    socket.once('open', () => {
      end.removeEventListener('abort', giveUp)
      const port = createWebsocketPort(socket)
      socket.off('error', fail)
      resolve(port)
    })
  })
}

/** What a listener says in place of becoming a link. */
function reasonIn(request: ClientRequest, response: IncomingMessage): Promise<Error> {
  return new Promise((resolve) => {
    let text = ''
    const tell = () => {
      const words = text.replace(/[^\x20-\x7e]+/g, ' ').trim()
      resolve(new Error(`it answered ${response.statusCode}${words === '' ? '' : ` ("${words}")`}`))
      request.destroy()
    }
    response.setEncoding('utf8')
    response.on('data', (part: string) => {
      text = (text + part).slice(0, MOST_REASON)
      if (text.length === MOST_REASON) tell()
    })
    response.on('close', tell)
  })
}

/** Whether the other side took the connection and dropped it before the handshake. */
function isHungUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

function notOpened(url: string, { link = `to ${url}`, peer = url, tls }: DialOptions, cause: Error): LinkError {
  const reason = cause.message || ('code' in cause ? cause.code : 'no reply')
  const unreachable = {
    code: 'LINK_UNREACHABLE',
    what: String(reason),
    remedy: 'Check that the other side is running and listens there.',
  } as const
  const refusal = tls === undefined ? null : tlsRefusalOf(cause, tls, new URL(url).hostname)
  const { code, what, remedy } = refusal ?? unreachable
  return new LinkError({ code, link, peer, what: `cannot be opened: ${what}`, watermark: null, remedy, cause })
}
