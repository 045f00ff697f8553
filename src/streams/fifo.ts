/** First in, first out, in constant time also when very many wait. */
export interface Fifo<Item> {
  readonly size: number
  push(item: Item): void
  /** Takes the oldest item; a RangeError when there is none. */
  take(): Item
}

/** Taken items are dropped from the list once there are this many and they are more than half of it. */
const SPARE = 64

export function createFifo<Item>(): Fifo<Item> {
  let items: (Item | null)[] = []
  let head = 0
  return {
    get size() {
      return items.length - head
    },
    push(item) {
      items.push(item)
    },
    take() {
      if (head === items.length) throw new RangeError('nothing waits')
      const item = items[head] as Item
      items[head++] = null
      if (head >= SPARE && 2 * head > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
  }
}
