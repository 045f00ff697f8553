import { BLOCK } from '../../../../numerics/block-sum.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { SHORT_RECORD } from '../../wasm/schema/window-records.js'
import type { SourceRows } from './source-rows.js'

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
