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
  let top = treeSums()
  let before: u32 = 0
  for (let entry = from; entry < to; entry++) {
    const block = load<u32>(list + 4 * entry)
    const sum = sums + 8 * <usize>block
    const value = load<f64>(sum)
    store<f64>(sum, 0)
    if (isShared) store<f64>(shared + 8 * entry, load<f64>(shared + 8 * entry) + value)
    while (block >= load<u32>(nodeEnd)) {
      top = tell(answer, top)
      nodeEnd += 4
      answer += 8
    }
    const number = firstBlock() + block
    const level = 31 - clz<u32>(number ^ before)
    while (top > treeSums() + ENTRY && load<i32>(top - ENTRY, 8) < level) top = join(top)
    store<f64>(top, value)
    store<i32>(top, level, 8)
    top += ENTRY
    before = number
  }
  tell(answer, top)
  freeRow(undone)
}

/** Writes the sum of a node; returns where the next sum begins. */
function tell(answer: usize, top: usize): usize {
  if (top == treeSums()) return top
  while (top > treeSums() + ENTRY) top = join(top)
  store<f64>(answer, load<f64>(treeSums()) + 0)
  return treeSums()
}

/** Adds the last two entries. */
function join(top: usize): usize {
  const earlier = top - 2 * ENTRY
  store<f64>(earlier, load<f64>(earlier) + load<f64>(top - ENTRY))
  return top - ENTRY
}
