import { createMemoryPorts } from '../../streams/links/memory-port.js'
import type { Port } from '../../streams/links/port.js'

/** Ways between the cores of one process or thread. */
export interface CoreMates {
  has(core: number): boolean
  /** A core's end of its way to another. */
  port(core: number, mate: number): Port
}

/**
 * Nothing leaves memory, but all else is as between core workers: frames, credits and a handshake, so what is counted of a
 * link does not depend on where its ends are.
 *
 * A frame arrives in a turn of its own of the event loop, or what comes from outside would wait until the cores here have
 * nothing left to say to each other.
 */
export function createCoreMates(cores: readonly number[]): CoreMates {
  const ports = new Map<string, Port>()
  const nameOf = (core: number, mate: number) => `${core}-${mate}`
  cores.forEach((low, place) => {
    for (const high of cores.slice(place + 1)) {
      const { left, right } = createMemoryPorts((arrive) => void setImmediate(arrive))
      ports.set(nameOf(low, high), left)
      ports.set(nameOf(high, low), right)
    }
  })
  return {
    has: (core) => cores.includes(core),
    port(core, mate) {
      const port = ports.get(nameOf(core, mate))
      if (port === undefined) throw new RangeError(`core ${core} has no way to core ${mate} in memory`)
      return port
    },
  }
}
