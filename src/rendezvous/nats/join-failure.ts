import {
  AuthorizationError,
  ConnectionError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node'
import { AntidromeError, InputError, RunError } from '../../events/errors.js'
import type { JoinAddress } from '../join-address.js'

const EXPIRED = /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CRL_HAS_EXPIRED)$/
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(UNTRUSTED|REJECTED|SIGNATURE_FAILURE)|INVALID_CA/
const WRONG_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID'
const NO_TLS = /ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|HTTP_REQUEST)/
const REFUSED_BY_SERVER = /ALERT/
const UNREADABLE = /^ERR_OSSL|PEM|KEY_VALUES_MISMATCH|ASN1/
const NO_NAME = /^(ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_NODATA)$/

export interface Joining {
  readonly addresses: readonly JoinAddress[]
  /** Who the user is, for people. */
  readonly words: string
  readonly isFirst: boolean
}

/** Why no server was joined, in words that help. */
export function joinFailure(error: unknown, joining: Joining): AntidromeError {
  if (error instanceof AntidromeError) return error
  const { addresses, words } = joining
  const servers = addresses.map(({ text }) => text).join(', ')
  if (
    chainOf(error).some((each) => each instanceof AuthorizationError || each instanceof UserAuthenticationExpiredError)
  ) {
    return new InputError({
      code: 'JOIN_CREDENTIALS',
      field: 'options.join.credentials',
      found: `${words}, refused by ${servers}`,
      expected: 'a user that the server knows',
      cause: error,
    })
  }
  return tlsFailure(error, servers, joining) ?? unreachable(error, servers, joining)
}

function tlsFailure(error: unknown, servers: string, { isFirst }: Joining): InputError | null {
  const codes = chainOf(error).map(codeOf)
  const words = chainOf(error).map(({ message }) => message)
  const has = (pattern: RegExp) => codes.some((code) => pattern.test(code))
  if (words.some((each) => /does not support 'tls'/.test(each))) {
    const expected = 'one with TLS, as everything beyond loopback is encrypted'
    return wrong(`a server without TLS at ${servers}`, expected, 'Configure TLS at the server.')
  }
  if (isFirst && has(NO_TLS)) {
    const remedy = 'Set handshake_first at the server, or do not ask for it here.'
    return wrong(`a server that does not begin with TLS at ${servers}`, 'TLS from the first byte on', remedy)
  }
  if (has(EXPIRED)) {
    const found = codes.includes('CERT_NOT_YET_VALID') ? 'that is not valid yet' : 'that has expired'
    const remedy = 'Renew it; if it should be valid, compare the clocks of both machines.'
    return wrong(`a certificate of ${servers} ${found}`, `one that is valid now`, remedy)
  }
  if (codes.includes(WRONG_NAME)) {
    const { reason = 'for another name' } = error as { readonly reason?: string }
    return wrong(`a certificate of ${servers} for others (${reason})`, 'one for the name in the URL')
  }
  if (has(UNTRUSTED)) {
    const remedy = 'Hand over the certificate of the authority that signed it.'
    return wrong(
      `a certificate of ${servers} that no trusted authority has signed`,
      'one signed by an authority',
      remedy,
    )
  }
  if (has(UNREADABLE)) {
    const found = 'certificates or a key that cannot be read'
    return wrong(found, 'texts in PEM, and a key that belongs to its certificate')
  }
  if (!has(/^ERR_(SSL|TLS)|^EPROTO$/)) return null
  const found = has(REFUSED_BY_SERVER) ? 'refused by the server' : 'that came to no end'
  return wrong(
    `a TLS handshake with ${servers} ${found}`,
    'one that both agree to',
    'See whether the server wants a certificate.',
  )

  function wrong(found: string, expected: string, remedy?: string): InputError {
    const mistake = { code: 'JOIN_TLS', field: 'options.join.tls', found, expected, cause: error }
    return new InputError(remedy === undefined ? mistake : { ...mistake, remedy })
  }
}

function unreachable(error: unknown, servers: string, { isFirst }: Joining): RunError {
  const codes = chainOf(error).map(codeOf)
  const isLate = chainOf(error).some((each) => each instanceof TimeoutError)
  const why = codes.includes('ECONNREFUSED')
    ? 'no server listens there'
    : codes.some((code) => NO_NAME.test(code))
      ? 'there is no such name'
      : isLate
        ? 'no answer came'
        : `it did not answer as a NATS server does${error instanceof ConnectionError ? ` (${error.message})` : ''}`
  // If the server requires a certificate and there is none, nats.js reports nothing and waits.
  const wish = isFirst ? 'a certificate of the user' : 'TLS from the first byte on, or a certificate of the user'
  const isStrange = why.startsWith('it did not answer') && !isFirst
  const remedy = isLate
    ? `If it expects ${wish}, say so.`
    : isStrange
      ? 'See whether it is running; if it expects TLS from the first byte on, say so (--tls-first).'
      : 'See whether it is running.'
  return new RunError({
    code: 'JOIN_UNREACHABLE',
    message: `The server ${servers} cannot be joined: ${why}.`,
    details: { servers },
    remedy,
    cause: error,
  })
}

/** An error and its causes. */
export function chainOf(error: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let each = error; each instanceof Error && !chain.includes(each); each = each.cause) chain.push(each)
  return chain
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
