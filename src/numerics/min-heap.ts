/** Items by a number each, the smallest first: a binary heap. Items of one number come in any order. */
export class MinHeap<Item> {
  private readonly keys: number[] = []
  private readonly items: Item[] = []

  get size(): number {
    return this.keys.length
  }

  /** The smallest number; Infinity if there is none. */
  first(): number {
    return this.keys[0] ?? Number.POSITIVE_INFINITY
  }

  push(key: number, item: Item): void {
    this.put(this.keys.length, key, item)
  }

  /** Takes the item with the smallest number; undefined if there is none. */
  take(): Item | undefined {
    const [first] = this.items
    const key = this.keys.pop()
    const item = this.items.pop() as Item
    if (key !== undefined && this.keys.length > 0) this.sink(key, item)
    return first
  }

  /** Drops the items that are not wanted any more. */
  keep(isWanted: (item: Item) => boolean): void {
    const kept = this.items.flatMap((item, k) => (isWanted(item) ? [{ key: this.keys[k] as number, item }] : []))
    this.clear()
    for (const { key, item } of kept) this.push(key, item)
  }

  clear(): void {
    this.keys.length = 0
    this.items.length = 0
  }

  /** Lets an item rise from a free place. */
  private put(place: number, key: number, item: Item): void {
    const { keys, items } = this
    let at = place
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = keys[parent] as number
      if (above <= key) break
      keys[at] = above
      items[at] = items[parent] as Item
      at = parent
    }
    keys[at] = key
    items[at] = item
  }

  /** Lets an item sink from the top, which is free. */
  private sink(key: number, item: Item): void {
    const { keys, items } = this
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= keys.length) break
      if ((keys[child + 1] ?? Number.POSITIVE_INFINITY) < (keys[child] as number)) child++
      if ((keys[child] as number) >= key) break
      keys[at] = keys[child] as number
      items[at] = items[child] as Item
      at = child
    }
    keys[at] = key
    items[at] = item
  }
}
