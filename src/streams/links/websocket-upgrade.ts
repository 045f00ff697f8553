import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Who may become a link. */
export interface UpgradePolicy {
  /** Origins of web pages that may open links; others that name one are refused (default: none). */
  readonly allowOrigins?: readonly string[]
  /** Whether a path leads to a listener (default: every path). */
  accepts?(path: string): boolean
}

/** Why a connection does not become a link. */
export interface UpgradeRefusal {
  readonly status: number
  /** A sentence for people. */
  readonly reason: string
}

/** Of the URL that was dialled, without what follows a question mark. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

/** Null for a request that may become a link. Only browsers name an origin: that of the page that dials. */
export function checkUpgrade(request: IncomingMessage, policy: UpgradePolicy): UpgradeRefusal | null {
  const { headers } = request
  const origins = [headers.origin, headers['sec-websocket-origin']].flat().filter((origin) => origin !== undefined)
  if (!origins.every((origin) => policy.allowOrigins?.includes(origin)))
    return { status: 403, reason: 'Links from web pages are refused, unless their origin is allowed.' }
  if (policy.accepts?.(pathOf(request)) === false) return { status: 404, reason: 'There is no listener at this path.' }
  return null
}

/** Replies to a request for an upgrade, and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, reason }: UpgradeRefusal): void {
  socket.on('error', () => undefined)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain`
  socket.end(`${head}\r\nContent-Length: ${reason.length}\r\n\r\n${reason}`, () => socket.destroy())
}
