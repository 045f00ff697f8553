import type { DialTls, LinkTls } from '../../../src/streams/links/websocket-tls.js'
import { createAuthority } from '../../support/certificates.js'

/** A way to encrypt that works. */
export interface TlsWay {
  readonly name: string
  readonly listen: LinkTls
  readonly dial: DialTls
}

export const SECRETS = new Map([
  ['core 0 - core 1', '5ec0de'.repeat(10)],
  ['coordinator - core 1', 'c0ffee'.repeat(10)],
])
export const IDENTITY = 'core 0 - core 1'
export const SECRET = SECRETS.get(IDENTITY)!

export const AUTHORITY = createAuthority()

export const BY_KEY: TlsWay = {
  name: 'a key',
  listen: { kind: 'psk', secretOf: (identity) => SECRETS.get(identity) ?? null },
  dial: { kind: 'psk', identity: IDENTITY, secret: SECRET },
}

export const BY_CERTIFICATE: TlsWay = {
  name: 'a certificate',
  listen: { kind: 'certificate', ...AUTHORITY.issue({ hosts: ['127.0.0.1', 'localhost'] }) },
  dial: { kind: 'certificate', ca: AUTHORITY.cert },
}

export const WAYS = [BY_KEY, BY_CERTIFICATE]
