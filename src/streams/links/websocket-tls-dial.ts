import { isIP } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { messageOf } from '../../events/message-of.js'
import { type DialTls, PSK_CIPHERS, TLS_VERSION, tlsInvalid } from './websocket-tls.js'
import { CertificateInPlaceOfKey } from './websocket-tls-refusal.js'

/**
 * Opens an encrypted connection to the host of a URL; resolves once it is sure who is there.
 *
 * @throws InputError TLS_INVALID, the reason of the signal, and what Node raises
 */
export function connectSecurely({ hostname, port }: URL, tls: DialTls, signal: AbortSignal): Promise<TLSSocket> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return new Promise((resolve, reject) => {
    const socket = open({ host, port: Number(port || 443), ...optionsOf(host, tls) })
    const giveUp = () => {
      reject(signal.reason)
      socket.destroy()
    }
    signal.addEventListener('abort', giveUp, { once: true })
    // Errors after the handshake are left to the user of the connection.
    socket.on('error', reject)
    socket.once('close', () => signal.removeEventListener('abort', giveUp))
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', giveUp)
      if (tls.kind === 'certificate' || socket.isSessionReused()) return resolve(socket)
      socket.destroy()
      reject(new CertificateInPlaceOfKey())
    })
  })
}

function optionsOf(host: string, tls: DialTls): ConnectionOptions {
  if (tls.kind === 'certificate') {
    const { ca } = tls
    return {
      minVersion: TLS_VERSION,
      // Addresses have no place in it.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    }
  }
  const key = { identity: tls.identity, psk: Buffer.from(tls.secret, 'hex') }
  return {
    minVersion: TLS_VERSION,
    ciphers: PSK_CIPHERS,
    pskCallback: () => key,
    // Asked only when a certificate was shown, however well it fits.
    checkServerIdentity: () => new CertificateInPlaceOfKey(),
  }
}

function open(options: ConnectionOptions): TLSSocket {
  try {
    return connect(options)
  } catch (error) {
    const found = `what cannot be used (${messageOf(error)})`
    throw tlsInvalid('tls.ca', found, 'certificates as PEM texts', error)
  }
}
