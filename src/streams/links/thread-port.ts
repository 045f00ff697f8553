import type { Port, PortEnding, PortReceiver } from './port.js'

/** What is needed of a MessagePort, whether of a browser or of `node:worker_threads`. */
export interface MessagePortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  /** The event of a message has the field `data`. */
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void
  start(): void
  close(): void
}

/** One end of a MessageChannel to another thread; frames are handed over without copying. */
export function createThreadPort(port: MessagePortLike): Port {
  let receiver: PortReceiver | null = null
  let ending: PortEnding | null = null
  const end = (found: PortEnding) => {
    if (ending !== null) return
    ending = found
    receiver?.end(found)
  }
  const close = () => {
    port.close()
    // Not every browser tells of a closed port.
    queueMicrotask(() => end({ kind: 'closed' }))
  }
  return {
    receive(listener) {
      receiver = listener
      if (ending !== null) return listener.end(ending)
      port.addEventListener('message', (event) => {
        const data = 'data' in event ? event.data : undefined
        if (ending !== null) return
        if (data instanceof Uint8Array) return listener.frame(data)
        end({ kind: 'broken', reason: 'something came that is no frame' })
        port.close()
      })
      port.addEventListener('close', () => end({ kind: 'closed' }))
      // Until now the channel has kept what came.
      port.start()
    },
    send(frame) {
      if (ending === null) port.postMessage(frame, [frame.buffer as ArrayBuffer])
    },
    flushed: () => null,
    admit: () => undefined,
    close,
    abort: close,
  }
}
