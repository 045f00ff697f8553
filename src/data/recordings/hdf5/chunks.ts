import type { Hdf5File } from './hdf5-file.js'
import { treeLeaves } from './tree.js'

/** Where a chunk is. */
export interface Chunk {
  readonly index: number
  readonly start: number
  /** In the file, in bytes. */
  readonly length: number
  /** Bit k: filter k was left out. */
  readonly mask: number
}

/** By their index. */
export type Chunks = ReadonlyMap<number, Chunk>

/** How the elements of a dataset of one dimension are cut into chunks. */
export interface ChunkGrid {
  /** Elements of a chunk. */
  readonly rows: number
  readonly chunkBytes: number
  /** Of chunks. */
  readonly count: number
  readonly isFiltered: boolean
}

/** Length and mask, then a place by dimension, that of the bytes of an element among them. */
const KEY_BYTES = 8 + 2 * 8

/** The chunks that are found by a tree. Raises `InputError` DATA_FILE_DAMAGED. */
export function* treeChunks(file: Hdf5File, root: number, { rows }: ChunkGrid): Generator<Chunk> {
  for (const { key, child } of treeLeaves(file, root, { kind: 1, keyBytes: KEY_BYTES })) {
    const length = key.number(4)
    const mask = key.number(4)
    yield { index: key.number(8) / rows, start: child, length, mask }
  }
}
