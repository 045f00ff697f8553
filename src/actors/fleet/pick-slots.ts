import type { WorkerOffer } from './fleet-messages.js'

/** How many more processes a worker would hold. */
export function freeSlots({ slots, taken, isLeaving }: Pick<WorkerOffer, 'slots' | 'taken' | 'isLeaving'>): number {
  return isLeaving ? 0 : Math.max(0, slots - taken.length)
}

/**
 * Per process the worker that is to hold it: as evenly as free slots allow, those with most of them first. Processes that
 * follow each other say most to each other, so those of one worker follow each other.
 *
 * @param count at most the number of free slots
 */
export function pickSlots(offers: readonly WorkerOffer[], count: number): readonly WorkerOffer[] {
  const order = [...offers].sort(
    (a, b) => freeSlots(b) - freeSlots(a) || a.load - b.load || compare(a.name, b.name) || compare(a.id, b.id),
  )
  const shares = order.map(() => 0)
  for (let left = count; left > 0; ) {
    const before = left
    for (const [k, offer] of order.entries()) {
      if (left === 0 || (shares[k] ?? 0) >= freeSlots(offer)) continue
      shares[k] = (shares[k] ?? 0) + 1
      left--
    }
    if (left === before) throw new RangeError(`${count} processes do not fit into the free slots`)
  }
  return order.flatMap((offer, k) => Array.from({ length: shares[k] ?? 0 }, () => offer))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
