/** Numbers of cells, the smallest first: a binary heap. */
export interface CellQueue {
  push(cell: number): void
  /** The smallest number; Infinity if there is none. */
  first(): number
  /** Drops all numbers up to one. */
  dropUpTo(cell: number): void
  clear(): void
}

export function createCellQueue(): CellQueue {
  const heap: number[] = []

  function push(cell: number): void {
    let place = heap.length
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent] as number
      if (above <= cell) break
      heap[place] = above
      place = parent
    }
    heap[place] = cell
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
    dropUpTo(cell) {
      while (heap.length > 0 && (heap[0] as number) <= cell) drop()
    },
    clear() {
      heap.length = 0
    },
  }
}
