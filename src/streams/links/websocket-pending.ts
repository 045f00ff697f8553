import type { Socket } from 'node:net'
import { systemClock } from '../system-clock.js'
import { startWaiting, type Waiting } from '../waiting.js'

/** The connections that have not shown who they are; it makes room for those who may. */
export interface PendingConnections {
  /** One beyond the limit takes the place of the oldest. */
  add(raw: Socket): void
  /** From here on it is not this side that says how long it may take. */
  upgraded(raw: Socket): void
  /** It has shown who it is, and no longer counts. */
  admit(raw: Socket): void
  /** Drops all that still count. */
  dropAll(): void
}

/** @param patience longest time in ms from a connection to its upgrade */
export function createPendingConnections(most: number, patience: number): PendingConnections {
  const clock = systemClock()
  // The oldest first.
  const deadlines = new Map<Socket, Waiting>()
  const admit = (raw: Socket) => {
    deadlines.get(raw)?.[Symbol.dispose]()
    deadlines.delete(raw)
  }
  const drop = (raw: Socket) => {
    admit(raw)
    raw.destroy()
  }
  return {
    add(raw) {
      const [oldest] = deadlines.keys()
      if (deadlines.size >= most && oldest !== undefined) drop(oldest)
      deadlines.set(
        raw,
        startWaiting(clock, patience, () => drop(raw)),
      )
      raw.once('close', () => admit(raw))
    },
    upgraded: (raw) => deadlines.get(raw)?.[Symbol.dispose](),
    admit,
    dropAll() {
      for (const raw of [...deadlines.keys()]) drop(raw)
    },
  }
}
