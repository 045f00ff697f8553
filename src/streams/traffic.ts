import type { Deliver } from './link.js'

/** Knows whether messages are still on their way. */
export interface Traffic {
  readonly deliver: Deliver
  /** Resolves once nothing is on its way. */
  quiet(): Promise<void>
}

/** Counts the messages between being handed over and having been delivered. */
export function createTraffic(deliver: Deliver): Traffic {
  let underWay = 0
  let waiting: (() => void)[] = []
  const arrived = () => {
    underWay--
    if (underWay > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }
  return {
    deliver(message) {
      underWay++
      deliver(() => {
        try {
          message()
        } finally {
          arrived()
        }
      })
    },
    quiet: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
