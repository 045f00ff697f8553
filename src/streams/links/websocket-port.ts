import type { RawData, WebSocket } from 'ws'
import { HEADER_BYTES, MOST_CONTROL_BYTES } from '../wire/frame.js'
import { createFramePool } from '../wire/frame-pool.js'
import type { Port, PortEnding, PortReceiver } from './port.js'

/** Ends what a peer that has fallen silent would keep open. */
const CLOSE_LIMIT = 2000
/** Of the websocket protocol: closed on purpose; the message was no binary one; too large. */
const NORMAL = 1000
const UNSUPPORTED = 1003
const TOO_LARGE = 1009

/** How every websocket of a link is set up, on either side. */
export interface WebsocketSetup {
  readonly perMessageDeflate: false
  readonly maxPayload: number
  readonly skipUTF8Validation: boolean
  readonly closeTimeout: number
}

/** @param maxFrame largest payload of a frame in bytes */
export function websocketSetup(maxFrame: number): WebsocketSetup {
  return {
    perMessageDeflate: false,
    maxPayload: HEADER_BYTES + Math.max(maxFrame, MOST_CONTROL_BYTES),
    skipUTF8Validation: true,
    closeTimeout: CLOSE_LIMIT,
  }
}

/** @param onAdmit called when the peer has shown who it is */
export function createWebsocketPort(socket: WebSocket, onAdmit: () => void = () => undefined): Port {
  const early: Uint8Array[] = []
  let receiver: PortReceiver | null = null
  let ending: PortEnding | null = null
  let failure: PortEnding | null = null
  let isEnded = false
  const awaiting: (() => void)[] = []
  const frames = createFramePool()

  const isFlushed = () => ending !== null || socket.bufferedAmount === 0
  const onSent = () => {
    if (!isFlushed()) return
    for (const resolve of awaiting.splice(0)) resolve()
  }
  const end = () => {
    if (ending === null || receiver === null || isEnded) return
    isEnded = true
    receiver.end(ending)
  }
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary || !(data instanceof Uint8Array)) {
      failure ??= { kind: 'broken', reason: 'a text came in place of a frame' }
      socket.close(UNSUPPORTED)
    } else if (receiver === null) early.push(data)
    else receiver.frame(data)
  })
  socket.on('error', (error) => {
    failure ??= { kind: isTooLarge(error) ? 'oversized' : 'broken', reason: error.message }
  })
  socket.on('close', (code) => {
    ending = failure ?? endingOf(code)
    onSent()
    end()
  })
  // What came with the opening reply is on its way already, the rest waits for its receiver.
  socket.pause()
  return {
    frames,
    receive(listener) {
      receiver = listener
      for (const bytes of early.splice(0)) listener.frame(bytes)
      socket.resume()
      end()
    },
    // A failure shows in the end of the socket.
    send: (frame) =>
      socket.send(frame, { binary: true }, () => {
        frames.giveBack(frame)
        onSent()
      }),
    flushed: () => (isFlushed() ? null : new Promise((resolve) => awaiting.push(resolve))),
    admit: onAdmit,
    close() {
      socket.resume()
      socket.close(NORMAL)
    },
    abort: () => socket.terminate(),
  }
}

function isTooLarge(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
}

function endingOf(code: number): PortEnding {
  if (code === NORMAL) return { kind: 'closed' }
  if (code === TOO_LARGE) return { kind: 'broken', reason: 'the peer found a frame too large' }
  return { kind: 'broken', reason: `the websocket closed with ${code}` }
}
