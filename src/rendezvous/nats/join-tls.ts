import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { TlsOptions } from '@nats-io/transport-node'
import type { JoinAddress } from '../join-address.js'
import type { JoinTls } from '../join-options.js'

/**
 * TLS as nats.js takes it; undefined where it need not be, and is used if the server has it.
 *
 * Given any options, nats.js refuses a server without TLS.
 */
export function tlsOf(addresses: readonly JoinAddress[], tls: JoinTls | undefined): TlsOptions | undefined {
  const isNeeded = tls !== undefined || addresses.some(({ isLoopback, isTls }) => isTls || !isLoopback)
  if (!isNeeded) return undefined
  const { ca, cert, key, first } = tls ?? {}
  const options = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(first === true ? { handshakeFirst: true } : {}),
    // It is handed on to Node.
    checkServerIdentity: identityCheckOf(addresses.map(({ host }) => host)),
  }
  return options
}

/**
 * Of a server that is named by its IP address nats.js tells Node no name, so that Node would look for "localhost" in its
 * certificate; it has to be good for one of the addresses that the user gave.
 */
function identityCheckOf(hosts: readonly string[]) {
  const literal = hosts.filter((host) => isIP(host) !== 0)
  return (host: string, certificate: PeerCertificate): Error | undefined => {
    const isNameless = host === 'localhost' && !hosts.includes('localhost') && literal.length > 0
    const failures = (isNameless ? literal : [host]).map((each) => checkServerIdentity(each, certificate))
    return failures.includes(undefined) ? undefined : failures[0]
  }
}
