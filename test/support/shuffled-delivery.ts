import type { Deliver } from '../../src/streams/deliver.js'

/** Delivers messages one by one, soon, in an order that the seed decides; as cheap as thousands of them need it. */
export function shuffledDelivery(seed: number): Deliver {
  const waiting: (() => void)[] = []
  let state = seed >>> 0
  let isDue = false
  const pick = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  const deliverOne = () => {
    const at = pick(waiting.length)
    const message = waiting[at] as () => void
    waiting[at] = waiting.at(-1) as () => void
    waiting.pop()
    isDue = waiting.length > 0
    if (isDue) queueMicrotask(deliverOne)
    message()
  }
  return (message) => {
    waiting.push(message)
    if (isDue) return
    isDue = true
    queueMicrotask(deliverOne)
  }
}
