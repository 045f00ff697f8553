import type { Deliver } from './deliver.js'

/** Knows whether messages are still on their way. */
export interface Deliveries {
  readonly deliver: Deliver
  /** Messages that were handed over so far. */
  readonly count: number
  /** Nothing is on its way. */
  readonly isQuiet: boolean
  /** Resolves once nothing is on its way. */
  quiet(): Promise<void>
}

/**
 * Counts the messages between being handed over and having been delivered.
 *
 * A message that `deliver` runs at once waits until its sender is through, who may not listen for what returns before.
 *
 * @param idle called whenever nothing is on its way any more, also past a message that has thrown
 */
export function createDeliveries(deliver: Deliver, idle: () => void = () => undefined): Deliveries {
  let underWay = 0
  let count = 0
  let waiting: (() => void)[] = []
  const arrived = () => {
    underWay--
    if (underWay > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
    idle()
  }
  return {
    get count() {
      return count
    },
    get isQuiet() {
      return underWay === 0
    },
    deliver(message) {
      count++
      underWay++
      let isHandedOver = false
      const arrive = () => {
        try {
          message()
        } finally {
          arrived()
        }
      }
      try {
        deliver(() => (isHandedOver ? arrive() : queueMicrotask(arrive)))
      } catch (error) {
        arrived()
        throw error
      }
      isHandedOver = true
    },
    quiet: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
