import {
  firstBlock,
  freeCount,
  freeRows,
  nodeCount,
  nodeEnds,
  openRows,
  returnedSums,
  setFreeCount,
  treeSums,
  vector,
} from '../schema/adjoint-header'
import {
  BACK_BLOCK_LIST,
  BACK_BLOCK_ROWS,
  BACK_HAS_SHARED_DELAYS,
  BACK_SHARED_SUMS,
  UNDONE_ROW,
  UNDONE_SLOT,
} from '../schema/adjoint-records'

/** An entry of a sum along the tree: a double, and the level at which it joins what is before it. */
const ENTRY: usize = 16

/** Where the gradient events of a spike whose row arrives over many bins are summed up, per block; all are 0 at first. */
export function openRow(undone: usize): usize {
  const open = openRows() + 4 * <usize>load<u32>(undone, UNDONE_SLOT)
  const sums = <usize>load<u32>(open)
  if (sums != 0) return sums
  setFreeCount(freeCount() - 1)
  const taken = load<u32>(freeRows() + 4 * <usize>freeCount())
  store<u32>(open, taken)
  return <usize>taken
}

function freeRow(undone: usize): void {
  const open = openRows() + 4 * <usize>load<u32>(undone, UNDONE_SLOT)
  const sums = load<u32>(open)
  if (sums == 0) return
  store<u32>(open, 0)
  store<u32>(freeRows() + 4 * <usize>freeCount(), sums)
  setFreeCount(freeCount() + 1)
}

/** Rows with synapses in at least this part of the blocks add up all of them. */
const MANY: usize = 8

/**
 * All of a row is undone: sums the blocks of each node in the tree of src/numerics/pairwise-sum.ts, and adds them to
 * the sums of shared delays. Blocks without a synapse of the row are 0 or skipped; the sum is the same.
 */
export function closeRow(undone: usize, back: usize, sums: usize): void {
  const row = <usize>load<u32>(back, BACK_BLOCK_ROWS) + 4 * <usize>load<u32>(undone, UNDONE_ROW)
  const list = <usize>load<u32>(back, BACK_BLOCK_LIST)
  const from = <usize>load<u32>(row)
  const to = <usize>load<u32>(row, 4)
  if (load<u32>(back, BACK_HAS_SHARED_DELAYS)) {
    const shared = vector() + <usize>load<u32>(back, BACK_SHARED_SUMS)
    for (let entry = from; entry < to; entry++) {
      const place = shared + 8 * entry
      store<f64>(place, load<f64>(place) + load<f64>(sums + 8 * <usize>load<u32>(list + 4 * entry)))
    }
  }
  const returned = returnedSums() + 8 * <usize>nodeCount() * <usize>load<u32>(undone, UNDONE_SLOT)
  const blocks = <usize>load<u32>(nodeEnds() + 4 * <usize>(nodeCount() - 1))
  if (MANY * (to - from) >= blocks) sumAll(sums, blocks, returned)
  else sumSome(list + 4 * from, list + 4 * to, sums, returned)
  freeRow(undone)
}

/** Level by level: neighbours are added, and what has none is left for the next one. Leaves zeros. */
function sumAll(sums: usize, blocks: usize, returned: usize): void {
  let from = sums
  for (let node = 0; node < nodeCount(); node++) {
    let count = <usize>load<u32>(nodeEnds() + 4 * <usize>node) - ((from - sums) >> 3)
    const next = from + 8 * count
    for (; count > 1; count = (count + 1) >> 1) {
      const end = from + 8 * (count & ~1)
      let to = from
      let at = from
      for (; at + 32 <= end; at += 32) {
        const first = v128.load(at)
        const second = v128.load(at, 16)
        v128.store(to, f64x2.add(v128.shuffle<i64>(first, second, 0, 2), v128.shuffle<i64>(first, second, 1, 3)))
        to += 16
      }
      for (; at < end; at += 16) {
        store<f64>(to, load<f64>(at) + load<f64>(at, 8))
        to += 8
      }
      if (count & 1) store<f64>(to, load<f64>(end))
    }
    store<f64>(returned + 8 * <usize>node, load<f64>(from) + 0)
    from = next
  }
  memory.fill(sums, 0, 8 * blocks)
}

/** Of the listed blocks alone; leaves zeros. */
function sumSome(first: usize, end: usize, sums: usize, firstReturned: usize): void {
  let returned = firstReturned
  let nodeEnd = nodeEnds()
  let behind = load<u32>(nodeEnd)
  // What has been summed up and not yet added to what is before it; the rest lies in the room for sums.
  const room = treeSums()
  let top = room
  let last: f64 = 0
  let lastLevel = -1
  let before: u32 = 0
  for (let entry = first; entry < end; entry += 4) {
    const block = load<u32>(entry)
    const sum = sums + 8 * <usize>block
    const value = load<f64>(sum)
    store<f64>(sum, 0)
    while (block >= behind) {
      store<f64>(returned, joined(last, top, room))
      nodeEnd += 4
      behind = load<u32>(nodeEnd)
      returned += 8
      top = room
      last = 0
      lastLevel = -1
    }
    const number = firstBlock() + block
    if (lastLevel >= 0) {
      const level = 31 - clz<u32>(number ^ before)
      while (top > room && lastLevel < level) {
        top -= ENTRY
        last = load<f64>(top) + last
        lastLevel = load<i32>(top, 8)
      }
      store<f64>(top, last)
      store<i32>(top, lastLevel, 8)
      top += ENTRY
      lastLevel = level
    } else lastLevel = 0
    last = value
    before = number
  }
  store<f64>(returned, joined(last, top, room))
}

/** The sum of what is left, from the last to the first. */
function joined(last: f64, top: usize, room: usize): f64 {
  let sum = last
  for (let at = top; at > room; ) {
    at -= ENTRY
    sum = load<f64>(at) + sum
  }
  return sum + 0
}
