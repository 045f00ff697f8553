import type { Deliver } from '../deliver.js'
import { createFifo } from '../fifo.js'
import type { Port, PortEnding, PortReceiver } from './port.js'

/** The two ends of a connection within one process. */
export interface MemoryPorts {
  readonly left: Port
  readonly right: Port
}

/**
 * Two ports joined in one process; frames are copied, as between processes.
 *
 * @param deliver decides when a frame arrives; each direction keeps its order whatever it does
 */
export function createMemoryPorts(deliver: Deliver): MemoryPorts {
  const toLeft = createDirection(deliver)
  const toRight = createDirection(deliver)
  return { left: createEnd(toLeft, toRight), right: createEnd(toRight, toLeft) }
}

interface Direction {
  receive(receiver: PortReceiver): void
  frame(bytes: Uint8Array): void
  end(ending: PortEnding): void
}

/** Whatever is delivered first takes the oldest; nothing follows an end. */
function createDirection(deliver: Deliver): Direction {
  const underWay = createFifo<(receiver: PortReceiver) => void>()
  let early: ((receiver: PortReceiver) => void)[] = []
  let receiver: PortReceiver | null = null
  let isEnding = false
  const post = (event: (receiver: PortReceiver) => void) => {
    underWay.push(event)
    deliver(() => {
      const arrived = underWay.take()
      if (receiver === null) early.push(arrived)
      else arrived(receiver)
    })
  }
  return {
    receive(listener) {
      receiver = listener
      const waiting = early
      early = []
      for (const event of waiting) event(listener)
    },
    frame(bytes) {
      if (isEnding) return
      const copy = new Uint8Array(bytes)
      post((listener) => listener.frame(copy))
    },
    end(ending) {
      if (isEnding) return
      isEnding = true
      post((listener) => listener.end(ending))
    },
  }
}

function createEnd(inward: Direction, outward: Direction): Port {
  const close = () => {
    outward.end({ kind: 'closed' })
    inward.end({ kind: 'closed' })
  }
  return {
    receive: inward.receive,
    send: outward.frame,
    flushed: () => null,
    admit: () => undefined,
    close,
    abort: close,
  }
}
