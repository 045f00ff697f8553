import { InputError, type RunError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'

/** Ports from the first to the last one, both included. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

/** An address of this machine, where any port of a range would do, or a Unix socket. */
export type ListenPlace = { readonly host: string; readonly port: number | PortRange } | { readonly path: string }

/** Bytes that the shortest `sun_path` of the platforms has room for, beside the final 0. */
const MOST_PATH_BYTES = 103

/**
 * The platform would cut a long path and listen somewhere else; a colon would end it in an address.
 *
 * @throws InputError SOCKET_PATH_INVALID
 */
export function requireSocketPath(path: string): void {
  const bytes = new TextEncoder().encode(path).length
  if (bytes > MOST_PATH_BYTES)
    throw pathInvalid(`"${path}", ${bytes} bytes`, `at most ${MOST_PATH_BYTES} bytes, the room of a socket's address`)
  if (path.includes(':')) throw pathInvalid(`"${path}"`, 'a path without a colon')
}

function pathInvalid(found: string, expected: string, cause?: Error): InputError {
  return new InputError({
    code: 'SOCKET_PATH_INVALID',
    field: 'path',
    found,
    expected,
    remedy: 'Choose another folder, for instance by the environment variable TMPDIR.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** @throws InputError PORT_RANGE_INVALID */
export function requirePortRange({ from, to }: PortRange): void {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 1 && from <= to && to <= 65_535) return
  const expected = '1 to 65535, the lower one first'
  throw new InputError({ code: 'PORT_RANGE_INVALID', field: 'port', found: `${from}-${to}`, expected })
}

/** Why listening there is impossible, in terms of the requested place or of the exhausted resource. */
export function cannotListen(cause: NodeJS.ErrnoException, place: ListenPlace): InputError | RunError {
  const exhaustion = exhaustionOf(cause)
  if (exhaustion !== null) return exhaustion
  if ('path' in place) return cannotListenAtPath(cause, place.path)
  const { host, port } = place
  return typeof port === 'number' ? cannotListenAtPort(cause, `${host}:${port}`) : noneFree(cause, host, port)
}

function cannotListenAtPath(cause: NodeJS.ErrnoException, path: string): InputError {
  return pathInvalid(
    `"${path}" (${cause.message})`,
    'a path in a folder that can be written to, where nothing is yet',
    cause,
  )
}

function noneFree(cause: Error, host: string, { from, to }: PortRange): InputError {
  return new InputError({
    code: 'PORT_IN_USE',
    field: 'port',
    found: `${host}:${from}-${to}, which are all in use`,
    expected: 'a free port among them',
    remedy: 'Choose a wider range, or another one.',
    cause,
  })
}

function cannotListenAtPort(cause: NodeJS.ErrnoException, place: string): InputError {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new InputError({
        code: 'PORT_IN_USE',
        field: 'port',
        found: `${place}, which is in use`,
        expected: 'a free port',
        remedy: 'Choose another port, or 0 for any free one.',
        cause,
      })
    case 'EACCES':
      return new InputError({
        code: 'PORT_FORBIDDEN',
        field: 'port',
        found: `${place}, which needs more rights`,
        expected: 'a port of at least 1024, or 0',
        cause,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new InputError({
        code: 'HOST_UNKNOWN',
        field: 'host',
        found: `${place}, which is not of this machine`,
        expected: 'an address of this machine',
        remedy:
          'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all its addresses; links beyond this machine are encrypted.',
        cause,
      })
    default:
      return new InputError({
        code: 'CANNOT_LISTEN',
        field: 'port',
        found: `${place} (${cause.message})`,
        expected: 'an address to listen on',
        cause,
      })
  }
}
