import type { Port, PortEnding, PortReceiver } from '../../../../streams/links/port.js'
import type { RelayOrder } from './relay-messages.js'

/** A port whose connection another thread holds. */
export interface RelayedPort {
  readonly port: Port
  frame(bytes: Uint8Array): void
  /** Nothing comes behind it. */
  end(ending: PortEnding): void
}

/**
 * This thread's end of a port; frames are handed over without copying, and the other thread sends them also while the
 * event loop of this one stands still.
 *
 * @param tell hands an order over at once
 */
export function createRelayedPort(
  number: number,
  tell: (order: RelayOrder, transfer?: readonly ArrayBuffer[]) => void,
): RelayedPort {
  const early: Uint8Array[] = []
  let receiver: PortReceiver | null = null
  let ending: PortEnding | null = null
  let isAborted = false
  const order = (type: 'receive' | 'admit' | 'close' | 'abort') => {
    if (ending === null) tell({ type, port: number })
  }
  return {
    port: {
      receive(listener) {
        receiver = listener
        for (const bytes of early.splice(0)) listener.frame(bytes)
        if (ending === null) order('receive')
        else listener.end(ending)
      },
      send(bytes) {
        if (ending === null) tell({ type: 'frame', port: number, bytes }, [bytes.buffer as ArrayBuffer])
      },
      flushed: () => null,
      admit: () => order('admit'),
      close: () => order('close'),
      abort() {
        isAborted = true
        order('abort')
      },
    },
    frame(bytes) {
      if (isAborted || ending !== null) return
      if (receiver === null) early.push(bytes)
      else receiver.frame(bytes)
    },
    end(found) {
      if (ending !== null) return
      ending = found
      receiver?.end(found)
    },
  }
}
