import type { WebSocket } from 'ws'
import { InputError } from '../../events/errors.js'
import { LinkError } from '../link-error.js'
import { DEFAULT_LIMITS } from './link-limits.js'
import type { Port } from './port.js'
import { createWebsocketPort, websocketSetup } from './websocket-port.js'

export interface DialOptions {
  /** Largest payload of a frame in bytes, as in the limits of the link (default 1 MiB). */
  readonly maxFrame?: number
  /** Longest time in ms until the connection stands (default 10000). */
  readonly patience?: number
  /** For people: the link this becomes, and who is at its other end (default: the address). */
  readonly link?: string
  readonly peer?: string
}

/** Between two tries, in ms. */
const PAUSE = 50

/**
 * Opens a connection to a listener. One that a crowded listener hangs up on is tried again.
 *
 * @param url such as ws://127.0.0.1:4000, or ws+unix:/run/core-1.sock:/
 * @throws InputError URL_INVALID; LinkError LINK_UNREACHABLE
 */
export async function dialWebsocket(url: string, options: DialOptions = {}): Promise<Port> {
  const { maxFrame = DEFAULT_LIMITS.maxFrame, patience = DEFAULT_LIMITS.patience } = options
  if (!/^(wss?|ws\+unix):/.test(url) || !URL.canParse(url)) {
    const expected = 'ws://host:port or ws+unix:path:/'
    throw new InputError({ code: 'URL_INVALID', field: 'url', found: `"${url}"`, expected })
  }
  // Loaded where somebody dials: most runs stay within one process.
  const { WebSocket: Socket } = await import('ws')
  const openSocket = () =>
    new Socket(url, {
      ...websocketSetup(maxFrame),
      // Masks hide what a browser's page sends from proxies on its way; frames are ours, and masking costs time per byte.
      generateMask: (mask) => mask.fill(0),
    })
  return new Promise((resolve, reject) => {
    let socket: WebSocket
    let pause: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const finish = (): boolean => {
      clearTimeout(pause)
      clearTimeout(end)
      const isFirst = !isOver
      isOver = true
      return isFirst
    }
    const refuse = (cause: Error) => {
      if (finish()) reject(unreachable(url, options, cause))
    }
    const end = setTimeout(() => {
      refuse(new Error(`there was no answer within ${patience} ms`))
      socket.terminate()
    }, patience)
    const dial = () => {
      const dialled = openSocket()
      socket = dialled
      const onError = (error: Error) => {
        if (isOver) return
        if (isHungUp(error)) pause = setTimeout(dial, PAUSE)
        else refuse(error)
      }
      dialled.on('error', onError)
      dialled.once('open', () => {
        if (!finish()) return
        const port = createWebsocketPort(dialled)
        dialled.off('error', onError)
        resolve(port)
      })
    }
    dial()
  })
}

/** Whether the other side took the connection and dropped it before the handshake. */
function isHungUp(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

function unreachable(url: string, { link = `to ${url}`, peer = url }: DialOptions, cause: Error): LinkError {
  const reason = cause.message || ('code' in cause ? cause.code : 'no answer')
  const what = `cannot be opened: ${reason}`
  return new LinkError({
    code: 'LINK_UNREACHABLE',
    link,
    peer,
    what,
    watermark: null,
    remedy: 'Check that the other side is running and listens there.',
    cause,
  })
}
