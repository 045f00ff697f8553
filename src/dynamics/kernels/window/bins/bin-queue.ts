import { MinHeap } from '../../../../numerics/min-heap.js'

/** Numbers of bins, the smallest first. */
export interface BinQueue {
  push(bin: number): void
  /** The smallest number; Infinity if there is none. */
  first(): number
  /** Drops all numbers up to one. */
  dropUpTo(bin: number): void
  clear(): void
}

export function createBinQueue(): BinQueue {
  const heap = new MinHeap<null>()
  return {
    push: (bin) => heap.push(bin, null),
    first: () => heap.first(),
    dropUpTo(bin) {
      while (heap.size > 0 && heap.first() <= bin) heap.take()
    },
    clear: () => heap.clear(),
  }
}
