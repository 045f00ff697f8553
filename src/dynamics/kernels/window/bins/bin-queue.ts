/** Numbers of bins, the smallest first: a binary heap. */
export interface BinQueue {
  push(bin: number): void
  /** The smallest number; Infinity if there is none. */
  first(): number
  /** Drops all numbers up to one. */
  dropUpTo(bin: number): void
  clear(): void
}

export function createBinQueue(): BinQueue {
  const heap: number[] = []

  function push(bin: number): void {
    let place = heap.length
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent] as number
      if (above <= bin) break
      heap[place] = above
      place = parent
    }
    heap[place] = bin
  }

  function drop(): void {
    const last = heap.pop() as number
    const count = heap.length
    if (count === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= count) break
      if (child + 1 < count && (heap[child + 1] as number) < (heap[child] as number)) child++
      if ((heap[child] as number) >= last) break
      heap[place] = heap[child] as number
      place = child
    }
    heap[place] = last
  }

  return {
    push,
    first: () => heap[0] ?? Number.POSITIVE_INFINITY,
    dropUpTo(bin) {
      while (heap.length > 0 && (heap[0] as number) <= bin) drop()
    },
    clear() {
      heap.length = 0
    },
  }
}
