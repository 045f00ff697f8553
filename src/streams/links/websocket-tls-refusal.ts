import type { LinkErrorCode } from '../link-error.js'
import type { DialTls } from './websocket-tls.js'

/** The other side proved itself by a certificate where only the secret counts. */
export class CertificateInPlaceOfKey extends Error {
  constructor() {
    super('a certificate came in place of the key')
    this.name = 'CertificateInPlaceOfKey'
  }
}

/** Why an encrypted connection does not stand, in terms of what was asked for. */
export interface TlsRefusal {
  readonly code: LinkErrorCode
  /** A clause without a full stop. */
  readonly what: string
  readonly remedy: string
}

const SAME_RUN = 'Check that the other side belongs to the same run.'
const RIGHT_CLOCK = 'Renew the certificate, or set the clock of this machine if it is wrong.'
const RIGHT_AUTHORITY = 'Trust the authority that has signed it, if it is the right one.'

/** What OpenSSL says of the certificate it was shown. */
const CERTIFICATE =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_C|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH)/
/** What comes in place of a handshake from who does not know what that is. */
const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER_FAILURE/

/** Null for errors that have nothing to do with encryption, such as a missing listener. */
export function tlsRefusalOf(error: Error, tls: DialTls, host: string): TlsRefusal | null {
  const code = 'code' in error ? String(error.code) : ''
  const isCertificate = CERTIFICATE.test(code) || code === 'ERR_TLS_CERT_ALTNAME_INVALID'
  if (error instanceof CertificateInPlaceOfKey || (isCertificate && tls.kind === 'psk'))
    return keyWrong('shows a certificate in place of the key', tls)
  if (isCertificate) return certificateRefused(error, code, host)
  if (!code.startsWith('ERR_SSL_') && code !== 'EPROTO') return null
  const text = `${code} ${error.message}`.toLowerCase()
  if (/illegal[ _]parameter|decrypt[ _]error/.test(text)) return keyWrong('has another key', tls)
  if (/handshake[ _]failure|unknown[ _]psk[ _]identity/.test(text))
    return tls.kind === 'psk' ? keyWrong('knows no key', tls) : noCertificate()
  const remedy = 'Check that it listens for encrypted links.'
  if (NO_TLS.test(code)) return { code: 'LINK_UNREACHABLE', what: 'the other side does not encrypt', remedy }
  const what = `the other side does not encrypt as is expected here: ${reasonOf(error)}`
  return { code: 'LINK_UNREACHABLE', what, remedy }
}

function keyWrong(what: string, tls: DialTls): TlsRefusal {
  const name = tls.kind === 'psk' ? ` for "${tls.identity}"` : ''
  return { code: 'LINK_KEY_WRONG', what: `the other side ${what}${name}`, remedy: SAME_RUN }
}

function noCertificate(): TlsRefusal {
  const remedy = 'Dial with the key of the link, or let the other side listen with a certificate.'
  return certificate('none', 'one', remedy)
}

function certificateRefused(error: Error, code: string, host: string): TlsRefusal {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return certificate('one that has expired', 'one that is valid now', RIGHT_CLOCK)
    case 'CERT_NOT_YET_VALID':
      return certificate('one that is not valid yet', 'one that is valid now', RIGHT_CLOCK)
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH': {
      const remedy = `Dial one of the names that it carries, or issue one that carries ${host}.`
      return certificate(namesIn(error), `one for ${host}`, remedy)
    }
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return certificate('one that has signed itself', 'one of a trusted authority', RIGHT_AUTHORITY)
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return certificate('one of an unknown authority', 'one of a trusted authority', RIGHT_AUTHORITY)
    default:
      return certificate(`one that does not hold (${code})`, 'one of a trusted authority', RIGHT_AUTHORITY)
  }
}

function certificate(found: string, expected: string, remedy: string): TlsRefusal {
  return {
    code: 'LINK_CERTIFICATE',
    what: `certificate of the other side: found ${found}, expected ${expected}`,
    remedy,
  }
}

/** The names that a certificate carries, as Node hands it over. */
function namesIn(error: Error): string {
  const shown = 'cert' in error ? error.cert : null
  const names = typeof shown === 'object' && shown !== null && 'subjectaltname' in shown ? shown.subjectaltname : null
  return typeof names === 'string' ? `one for ${names}` : 'one without a name'
}

/** What OpenSSL means, without the places in its source. */
function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
}
