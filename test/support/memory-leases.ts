import { RunError } from '../../src/events/errors.js'
import type { Lease } from '../../src/storage/checkpoint/lease.js'

/** Leases in memory, for which no time passes. */
export interface MemoryLeases {
  takeLease(name: string): Promise<Lease>
  /** Lets a lease run out, which its holder does not know until somebody else has taken it. */
  expire(name: string): void
  /** Epochs begin anew. */
  forget(): void
  /** Whether nobody can be asked. */
  isAway: boolean
}

interface Held {
  readonly epoch: number
  lose(): void
}

export function createMemoryLeases(): MemoryLeases {
  const holders = new Map<string, Held>()
  const expired = new Map<string, Held>()
  let epochs = 0
  const leases: MemoryLeases = {
    isAway: false,
    async takeLease(name) {
      if (holders.has(name)) throw held(name)
      expired.get(name)?.lose()
      expired.delete(name)
      epochs += 1
      const epoch = epochs
      let lose = () => {}
      const lost = new Promise<Error>((resolve) => {
        lose = () => resolve(lostLease(name))
      })
      let isLost = false
      const own = {
        epoch,
        lose() {
          isLost = true
          lose()
        },
      }
      holders.set(name, own)
      return {
        name,
        epoch,
        lost,
        async confirm() {
          if (leases.isAway) throw new RunError({ code: 'RENDEZVOUS_NO_ANSWER', message: 'Nobody answers.' })
          if (isLost) throw lostLease(name)
        },
        async [Symbol.asyncDispose]() {
          if (holders.get(name) === own) holders.delete(name)
        },
      }
    },
    expire(name) {
      const own = holders.get(name)
      holders.delete(name)
      if (own !== undefined) expired.set(name, own)
    },
    forget() {
      epochs = 0
    },
  }
  return leases
}

function held(name: string): RunError {
  const details = { name, holder: 'run first', machine: 'elsewhere' }
  return new RunError({ code: 'LEASE_HELD', message: `The lease of ${name} is held.`, details })
}

function lostLease(name: string): RunError {
  return new RunError({ code: 'LEASE_LOST', message: `Somebody else has taken the lease of ${name}.` })
}
