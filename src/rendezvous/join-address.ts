import { isIP } from 'node:net'
import { InputError } from '../events/errors.js'

/** Where a server listens, as the user names it. */
export interface JoinAddress {
  /** For people, and for nats.js. */
  readonly text: string
  readonly host: string
  readonly isLoopback: boolean
  /** The user asks for TLS by `tls:`. */
  readonly isTls: boolean
}

/** @throws InputError JOIN_URL_INVALID */
export function readAddresses(servers: string | readonly string[]): readonly JoinAddress[] {
  const texts = (typeof servers === 'string' ? servers.split(',') : servers).map((each) => each.trim())
  if (texts.length === 0) throw wrong('none', 'at least one URL of a server')
  return texts.map(readAddress)
}

function readAddress(text: string): JoinAddress {
  const url = parse(text)
  if (url === null) throw wrong(JSON.stringify(text), 'a URL such as nats://host:4222')
  const { protocol, hostname, port, username, password, pathname, search, hash } = url
  if (username !== '' || password !== '') {
    const remedy = 'Hand over the credentials apart: what is in a URL is seen by others.'
    throw wrong(`a URL of ${hostname} with credentials`, 'one without', remedy)
  }
  if (protocol !== 'nats:' && protocol !== 'tls:') throw wrong(JSON.stringify(text), 'a URL with nats:// or tls://')
  const isWhole = hostname !== '' && pathname.replace('/', '') === '' && search === '' && hash === ''
  if (!isWhole) throw wrong(JSON.stringify(text), 'a URL with a host and a port alone')
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return {
    text: `${protocol}//${hostname}:${port || '4222'}`,
    host,
    isLoopback: isLoopback(host),
    isTls: protocol === 'tls:',
  }
}

function parse(text: string): URL | null {
  try {
    return new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `nats://${text}`)
  } catch {
    return null
  }
}

/** By what is written: whatever a name means elsewhere, only `localhost` is taken for this machine. */
function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

function wrong(found: string, expected: string, remedy?: string): InputError {
  const field = 'options.join.servers'
  return new InputError({
    code: 'JOIN_URL_INVALID',
    field,
    found,
    expected,
    ...(remedy === undefined ? {} : { remedy }),
  })
}
