import { BLOCK } from '../../../../numerics/block-sum.js'
import { sumsLength } from '../../../../numerics/tree-nodes.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { PartialSums } from '../../../parameters/partial-sums.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { SHORT_RECORD } from '../../wasm/schema/window-records.js'
import type { SourceRows } from '../rows/source-rows.js'

/** In which blocks of the neurons held the records of each row lie, ascending. */
export interface BlockLists {
  /** The first entry of every row, and of one more. */
  readonly rows: Uint32Array
  readonly blocks: Uint32Array
}

export function blockLists({ memory }: KernelMemory, rows: SourceRows): BlockLists {
  const { sources, records, stride } = rows
  const view = new DataView(memory.buffer)
  const first = new Uint32Array(sources + 1)
  const list: number[] = []
  const targetOf = (record: number) => {
    const at = records + stride * record
    return stride === SHORT_RECORD ? view.getUint16(at, true) : view.getUint32(at, true)
  }
  for (let unit = 0; unit < sources; unit++) {
    const [from, to] = [view.getUint32(rows.rows + 4 * unit, true), view.getUint32(rows.rows + 4 * unit + 4, true)]
    const own = new Uint32Array(to - from)
    for (let record = from; record < to; record++) own[record - from] = Math.floor(targetOf(record) / BLOCK)
    own.sort().forEach((block, k) => {
      if (block !== own[k - 1]) list.push(block)
    })
    first[unit + 1] = list.length
  }
  return { rows: first, blocks: Uint32Array.from(list) }
}

/** Units with sums in at least this part of the blocks add up all of them, as rows do in assembly/window/adjoint-rows.ts. */
const MANY = 8

/**
 * The partial sums of a projection's delays, see `partialSumsOf`, from sums of those blocks alone that a unit has synapses
 * in: the sum of each node is `pairwiseSum` over its blocks, to the bit.
 *
 * @param sums one per entry of the lists, from `at` on
 */
export function sparsePartialSums(
  { nodes }: ParameterLayout,
  { rows, blocks }: BlockLists,
  sums: Float64Array,
  at: number,
): PartialSums {
  const units = rows.length - 1
  const values = new Float64Array(sumsLength(nodes, units))
  const first = nodes[0]?.from ?? 0
  const all = new Float64Array((nodes.at(-1)?.to ?? first) - first)
  const tree = createSparseTree()
  for (let unit = 0; unit < units; unit++) {
    const [from, to] = [rows[unit] as number, rows[unit + 1] as number]
    if (MANY * (to - from) >= all.length) {
      all.fill(0)
      for (let entry = from; entry < to; entry++) all[blocks[entry] as number] = sums[at + entry] as number
      nodes.forEach((node, j) => {
        values[j * units + unit] = sumLevels(all, node.from - first, node.to - node.from)
      })
      continue
    }
    let node = 0
    for (let entry = from; entry < to; entry++) {
      const block = first + (blocks[entry] as number)
      while (block >= (nodes[node]?.to ?? Infinity)) values[node++ * units + unit] = tree.finish()
      tree.add(block, sums[at + entry] as number)
    }
    values[node * units + unit] = tree.finish()
  }
  return { nodes, values }
}

/** `pairwiseSum` level by level, in place: neighbours are added, and what has none is left for the next level. */
function sumLevels(values: Float64Array, at: number, count: number): number {
  let left = count
  for (; left > 1; left = (left + 1) >> 1) {
    const pairs = left >> 1
    for (let k = 0; k < pairs; k++) values[at + k] = (values[at + 2 * k] as number) + (values[at + 2 * k + 1] as number)
    if (left & 1) values[at + pairs] = values[at + left - 1] as number
  }
  return (values[at] as number) + 0
}

/**
 * Sums an array in the tree of `pairwiseSum` of whose entries all others are +0: two neighbours meet at the highest bit in
 * which their places differ, so what waits on a stack is added once something follows that meets it higher up. Twin of
 * assembly/window/adjoint-rows.ts.
 */
function createSparseTree() {
  const waiting = new Float64Array(33)
  const levels = new Int32Array(33)
  let depth = 0
  let last = 0
  let lastLevel = -1
  let before = 0
  return {
    add(place: number, value: number): void {
      if (lastLevel < 0) lastLevel = 0
      else {
        const level = 31 - Math.clz32(place ^ before)
        while (depth > 0 && lastLevel < level) {
          last = (waiting[--depth] as number) + last
          lastLevel = levels[depth] as number
        }
        waiting[depth] = last
        levels[depth++] = lastLevel
        lastLevel = level
      }
      last = value
      before = place
    },
    /** Returns the sum, never -0, and resets it. */
    finish(): number {
      let sum = last
      while (depth > 0) sum = (waiting[--depth] as number) + sum
      last = 0
      lastLevel = -1
      return sum + 0
    },
  }
}
