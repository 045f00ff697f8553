import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import { messageOf } from '../../events/message-of.js'
import { type LinkTls, PSK_CIPHERS, requireKey, TLS_VERSION, tlsInvalid } from './websocket-tls.js'

/** A connection whose other side has shown that it knows the key, or has been shown the certificate. */
export interface SecuredConnection {
  readonly socket: TLSSocket
  /** What it goes over. */
  readonly raw: Socket
  /** The link whose secret the other side knows; null without secrets. */
  readonly identity: string | null
}

/** First byte of a connection that begins with a handshake of TLS. */
const HANDSHAKE = 22
const SENTENCE = 'This listener takes encrypted links alone: dial wss://.'
const IN_CLEAR = `HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${SENTENCE.length}\r\n\r\n${SENTENCE}`

/**
 * Encrypts the connections that it is given. Connections that fail are closed; an unencrypted one gets an HTTP reply
 * that says so.
 *
 * @throws InputError TLS_INVALID
 */
export function createTlsServer(
  tls: LinkTls,
  patience: number,
  onSecured: (secured: SecuredConnection) => void,
): (raw: Socket) => void {
  const identities = new WeakMap<TLSSocket, string>()
  // Node tells of a secured connection, and not of which one it was.
  const raws = new Map<string, Socket>()
  const server = serverOf(tls, patience, identities)
  server.on('secureConnection', (socket) => {
    const raw = raws.get(endsOf(socket))
    const isKnown = tls.kind === 'certificate' || socket.isSessionReused()
    if (raw === undefined || !isKnown) socket.destroy()
    else onSecured({ socket, raw, identity: identities.get(socket) ?? null })
  })
  server.on('tlsClientError', (_, socket) => socket.destroy())
  return (raw) => {
    const ends = endsOf(raw)
    raws.set(ends, raw)
    raw.once('close', () => {
      if (raws.get(ends) === raw) raws.delete(ends)
    })
    raw.once('readable', () => {
      const first = raw.read() as Buffer | null
      if (first === null) return void raw.destroy()
      if (first[0] !== HANDSHAKE) return void raw.end(IN_CLEAR, () => raw.destroy())
      raw.unshift(first)
      server.emit('connection', raw)
    })
  }
}

function serverOf(tls: LinkTls, patience: number, identities: WeakMap<TLSSocket, string>): Server {
  const shared: TlsOptions = {
    minVersion: TLS_VERSION,
    handshakeTimeout: patience,
    // A ticket would open the door without a key, also when there is no such link any more.
    secureOptions: constants.SSL_OP_NO_TICKET,
  }
  if (tls.kind === 'psk')
    return createServer({
      ...shared,
      ciphers: PSK_CIPHERS,
      pskCallback(socket, identity) {
        const secret = tls.secretOf(identity)
        if (secret === null) return null
        requireKey(identity, secret)
        identities.set(socket, identity)
        return Buffer.from(secret, 'hex')
      },
    })
  const { cert, key } = tls
  try {
    return createServer({ ...shared, cert, key })
  } catch (error) {
    const found = `what cannot be used (${messageOf(error)})`
    throw tlsInvalid('tls', found, 'a certificate and its key as PEM texts', error)
  }
}

/** No two connections that are open at once have both ends in common. */
function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
