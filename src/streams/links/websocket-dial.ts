import { WebSocket } from 'ws'
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
}

/**
 * Opens a connection to a listener.
 *
 * @param url such as ws://127.0.0.1:4000
 * @throws InputError URL_INVALID; LinkError LINK_UNREACHABLE
 */
export async function dialWebsocket(url: string, options: DialOptions = {}): Promise<Port> {
  const { maxFrame = DEFAULT_LIMITS.maxFrame, patience = DEFAULT_LIMITS.patience } = options
  if (!/^wss?:/.test(url) || !URL.canParse(url))
    throw new InputError({ code: 'URL_INVALID', field: 'url', found: `"${url}"`, expected: 'ws://host:port' })
  const socket = new WebSocket(url, {
    ...websocketSetup(maxFrame),
    handshakeTimeout: patience,
    // Masks hide what a browser's page sends from proxies on its way; frames are ours, and masking costs time per byte.
    generateMask: (mask) => mask.fill(0),
  })
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new LinkError({
          code: 'LINK_UNREACHABLE',
          link: `to ${url}`,
          peer: url,
          what: `cannot be opened: ${cause.message || ('code' in cause ? cause.code : 'no answer')}`,
          watermark: null,
          remedy: 'Check that the other side is running and listens there.',
          cause,
        }),
      )
    socket.once('error', refuse)
    socket.once('open', () => {
      const port = createWebsocketPort(socket)
      socket.off('error', refuse)
      resolve(port)
    })
  })
}
