import type { Port, PortEnding, PortReceiver } from '../../src/streams/links/port.js'
import type { FragilePair, PortPair } from './link-fixture.js'

/**
 * Ports whose frames go nowhere once one side has vanished, and neither side learns of the other's end; the connection
 * between them stands until both have gone.
 */
export function silencePorts(ports: PortPair): FragilePair {
  let isGone = false
  let ended = 0

  function fragile(port: Port): Port {
    let receiver: PortReceiver | null = null
    let isOver = false
    const finish = (ending: PortEnding) => {
      if (isOver) return
      isOver = true
      receiver?.end(ending)
    }
    const leave = () => {
      queueMicrotask(() => finish({ kind: 'closed' }))
      if (!isOver && ++ended === 2) for (const each of [ports.left, ports.right]) each.abort()
    }
    return {
      receive(listener) {
        receiver = listener
        port.receive({
          frame: (bytes) => (isGone ? undefined : listener.frame(bytes)),
          end: (ending) => (isGone ? undefined : finish(ending)),
        })
      },
      send: (frame) => (isGone ? undefined : port.send(frame)),
      flushed: () => port.flushed(),
      admit: () => port.admit(),
      close: () => (isGone ? leave() : port.close()),
      abort: () => (isGone ? leave() : port.abort()),
    }
  }

  return {
    left: fragile(ports.left),
    right: fragile(ports.right),
    vanish: () => {
      isGone = true
    },
  }
}
