import {
  answers,
  BACK_BLOCK_LIST,
  BACK_BLOCK_ROWS,
  BACK_HAS_SHARED_DELAYS,
  BACK_SHARED_SUMS,
  firstBlock,
  freeCount,
  freeRows,
  nodeCount,
  nodeEnds,
  openRows,
  setFreeCount,
  treeSums,
  UNDONE_ROW,
  UNDONE_SLOT,
  vector,
} from '../schema/window-adjoint'

/** An entry of a sum along the tree: a double, and the level at which it joins what is before it. */
const ENTRY: usize = 16

/** Where the gradient events of a spike whose row arrives over many cells are summed up, per block; all are 0 at first. */
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

/**
 * All of a row is undone: sums the blocks of each node in the tree of src/numerics/pairwise-sum.ts, and adds them to what
 * shared delays are told. Blocks without a synapse of the row are passed over, which a sum does not show.
 */
export function closeRow(undone: usize, back: usize, sums: usize): void {
  const row = <usize>load<u32>(back, BACK_BLOCK_ROWS) + 4 * <usize>load<u32>(undone, UNDONE_ROW)
  const list = <usize>load<u32>(back, BACK_BLOCK_LIST)
  const from = <usize>load<u32>(row)
  const to = <usize>load<u32>(row, 4)
  const isShared = load<u32>(back, BACK_HAS_SHARED_DELAYS) != 0
  const shared = vector() + <usize>load<u32>(back, BACK_SHARED_SUMS)
  let answer = answers() + 8 * <usize>nodeCount() * <usize>load<u32>(undone, UNDONE_SLOT)
  let nodeEnd = nodeEnds()
  let end = load<u32>(nodeEnd)
  // What has been summed up and not yet added to what is before it; the rest lies in the room for sums.
  const room = treeSums()
  let top = room
  let last: f64 = 0
  let lastLevel = -1
  let before: u32 = 0
  for (let entry = from; entry < to; entry++) {
    const block = load<u32>(list + 4 * entry)
    const sum = sums + 8 * <usize>block
    const value = load<f64>(sum)
    store<f64>(sum, 0)
    if (isShared) store<f64>(shared + 8 * entry, load<f64>(shared + 8 * entry) + value)
    while (block >= end) {
      store<f64>(answer, joined(last, top, room))
      nodeEnd += 4
      end = load<u32>(nodeEnd)
      answer += 8
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
  store<f64>(answer, joined(last, top, room))
  freeRow(undone)
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
