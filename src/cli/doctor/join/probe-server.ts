import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { JoinAddress } from '../../../rendezvous/join-address.js'
import type { JoinTls } from '../../../rendezvous/join-options.js'

/** What a NATS server says before anybody has said who asks. */
interface ServerInfo {
  readonly server_name: string
  readonly version: string
  readonly jetstream?: boolean
  readonly tls_required?: boolean
  readonly tls_available?: boolean
}

export interface ServerProbe {
  /** Null: it has not said it. */
  readonly info: ServerInfo | null
  /** Null: there was no TLS. */
  readonly certificate: PeerCertificate | null
  /** Why the certificate is not trusted, its dates apart; null: it is. */
  readonly distrust: string | null
  /** What broke the conversation off; null: nothing. */
  readonly fault: string | null
}

const MOST_GREETING = 1 << 20
const DATES = /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/

/**
 * Listens to what a server says first, and looks at its certificate, whether it can be trusted or not. Nothing is sent to
 * it, in particular no credentials.
 *
 * @param limit in ms, for each step
 */
export async function probeServer(address: JoinAddress, tls: JoinTls | undefined, limit: number): Promise<ServerProbe> {
  const found: { info: ServerInfo | null; certificate: PeerCertificate | null; distrust: string | null } = {
    info: null,
    certificate: null,
    distrust: null,
  }
  let socket: Socket | null = null
  try {
    socket = await dialled(address, limit)
    if (tls?.first === true) {
      const secure = await encrypted(socket, address.host, tls, limit)
      Object.assign(found, identityOf(secure, address.host))
      found.info = await greeting(secure, limit)
    } else {
      found.info = await greeting(socket, limit)
      const isOffered = found.info.tls_required === true || found.info.tls_available === true
      const isWanted = !address.isLoopback || address.isTls || tls !== undefined || found.info.tls_required === true
      if (isOffered && isWanted)
        Object.assign(found, identityOf(await encrypted(socket, address.host, tls, limit), address.host))
    }
    return { ...found, fault: null }
  } catch (error) {
    return { ...found, fault: faultOf(error) }
  } finally {
    socket?.destroy()
  }
}

function dialled({ text, host }: JoinAddress, limit: number): Promise<Socket> {
  const socket = connectTcp({ host, port: Number(text.slice(text.lastIndexOf(':') + 1)) })
  return settled(socket, 'connect', limit, () => socket)
}

function encrypted(socket: Socket, host: string, tls: JoinTls | undefined, limit: number): Promise<TLSSocket> {
  const { ca, cert, key } = tls ?? {}
  const secure = connectTls({
    socket,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // The certificate is checked below, and nothing is sent before.
    rejectUnauthorized: false,
  })
  return settled(secure, 'secureConnect', limit, () => secure)
}

function identityOf(socket: TLSSocket, host: string): Pick<ServerProbe, 'certificate' | 'distrust'> {
  const certificate = socket.getPeerCertificate()
  // Node says a code here, whatever its types say.
  const reason = socket.authorizationError as unknown as string | null | undefined
  if (reason && !DATES.test(reason)) return { certificate, distrust: reason }
  return { certificate, distrust: checkServerIdentity(host, certificate)?.message ?? null }
}

/** The first line. */
async function greeting(socket: Socket, limit: number): Promise<ServerInfo> {
  let text = ''
  while (!text.includes('\n')) {
    const chunk = await settled(socket, 'data', limit, (data: Buffer) => data.toString('utf8'))
    text += chunk
    if (!'INFO '.startsWith(text.slice(0, 5)) || text.length > MOST_GREETING) throw new Error(STRANGE)
  }
  socket.pause()
  const info = JSON.parse(text.slice(5, text.indexOf('\n'))) as Partial<ServerInfo>
  const { server_name: name, version } = info
  if (typeof name !== 'string' || typeof version !== 'string') throw new Error(STRANGE)
  return { ...info, server_name: name, version }
}

const STRANGE = 'what it says first is not what a NATS server says'

/** The next event of a kind, unless the socket ends or nothing comes for so long. */
function settled<Result>(
  socket: Socket,
  event: string,
  limit: number,
  resultOf: (value: Buffer) => Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error(`it said nothing for ${limit / 1000} s`))), limit)
    const come = (value: Buffer) => end(() => resolve(resultOf(value)))
    const fail = (error: Error) => end(() => reject(error))
    const closed = () => fail(new Error('it closed the connection'))
    socket.once(event, come).once('error', fail).once('close', closed)

    function end(settle: () => void): void {
      clearTimeout(timer)
      socket.off(event, come).off('error', fail).off('close', closed)
      // Errors after the probe has settled are ignored.
      socket.on('error', () => undefined)
      settle()
    }
  })
}

function faultOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'no process listens there'
  if (error instanceof SyntaxError) return STRANGE
  return code === undefined ? message : `${message} (${code})`
}
