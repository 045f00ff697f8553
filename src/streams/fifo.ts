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
  return new List()
}

/** Made for every stream of every run: a class, as a literal with a getter takes long to make. */
class List<Item> implements Fifo<Item> {
  private items: (Item | null)[] = []
  private head = 0

  get size(): number {
    return this.items.length - this.head
  }

  push(item: Item): void {
    this.items.push(item)
  }

  take(): Item {
    const { items, head } = this
    if (head === items.length) throw new RangeError('nothing waits')
    const item = items[head] as Item
    items[head] = null
    this.head = head + 1
    if (this.head >= SPARE && 2 * this.head > items.length) {
      this.items = items.slice(this.head)
      this.head = 0
    }
    return item
  }
}
