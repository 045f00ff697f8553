import { InputError } from '../../events/errors.js'

/**
 * How a listener encrypts: by a secret per link, which shows both sides who the other one is, or by a certificate for
 * those who have no secret yet. Never both at once: then a client without the secret would come in by the certificate.
 */
export type LinkTls =
  | {
      readonly kind: 'psk'
      /** The secret of the link with that name, in hexadecimal digits; null: there is no such link. */
      secretOf(identity: string): string | null
    }
  | {
      readonly kind: 'certificate'
      /** Both PEM texts; the certificate with its chain. */
      readonly cert: string
      readonly key: string
    }

/** How the side that dials knows whom it has reached. */
export type DialTls =
  | {
      readonly kind: 'psk'
      /** Name of the link. */
      readonly identity: string
      /** In hexadecimal digits. */
      readonly secret: string
    }
  | {
      readonly kind: 'certificate'
      /** PEM text of the authorities that count (default: those that Node trusts). */
      readonly ca?: string
    }

/** From 1.3 on a secret comes with forward secrecy, and nothing of the handshake can be talked down. */
export const TLS_VERSION = 'TLSv1.3'

/** Those whose hash is SHA-256, for which secrets are made: with any other one the right secret would not be used. */
export const PSK_CIPHERS = 'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256'

/** In bytes; OpenSSL takes no longer ones. */
const LEAST_SECRET = 16
const MOST_SECRET = 256
const MOST_IDENTITY = 128

/** @throws InputError TLS_INVALID */
export function requireKey(identity: string, secret: string): void {
  const bytes = new TextEncoder().encode(identity).length
  if (bytes === 0 || bytes > MOST_IDENTITY || identity.includes('\0'))
    throw tlsInvalid('tls.identity', `one of ${bytes} bytes`, `1 to ${MOST_IDENTITY} bytes, none of them 0`)
  const isHex = /^([0-9a-f]{2})+$/i.test(secret)
  // The error does not contain the secret.
  if (!isHex || secret.length < 2 * LEAST_SECRET || secret.length > 2 * MOST_SECRET)
    throw tlsInvalid(
      'tls.secret',
      `${secret.length} characters${isHex ? '' : ', not all of them pairs of hexadecimal digits'}`,
      `${LEAST_SECRET} to ${MOST_SECRET} bytes in hexadecimal digits`,
    )
}

export function tlsInvalid(field: string, found: string, expected: string, cause?: unknown): InputError {
  return new InputError({ code: 'TLS_INVALID', field, found, expected, ...(cause === undefined ? {} : { cause }) })
}
